# Logs a failure with Ruby's Logger, then ends with another.
require 'logger'

def weigh(parcel)
  raise ArgumentError, 'parcel is empty' if parcel.empty?

  parcel.sum
end

def label(parcel)
  parcel.fetch(:address)
end

log = Logger.new($stderr)
log.info('shipping is up')
begin
  weigh([])
rescue ArgumentError => e
  log.error("trace_id=#{ARGV[0]} parcel was not weighed")
  log.error(e)
end
log.info('next parcel')
label({})
