// Prints two failures one after the other, as console.error does, then ends with another.
function price(item) {
  return item.price.amount;
}

function reserve(count) {
  if (count > 3) throw new RangeError('too many at once');
  return count;
}

console.error(new Date().toISOString() + ' INFO catalog is up');
try {
  price({});
} catch (error) {
  console.error(new Date().toISOString() + ' ERROR trace_id=' + process.argv[2] + ' no price:', error);
}
try {
  reserve(4);
} catch (error) {
  console.error(error);
}
console.error(new Date().toISOString() + ' INFO next item');
setTimeout(function restock() {
  JSON.parse('{');
}, 1);
