"""Logs a failure with its chain of exceptions, then ends with another."""
import logging
import sys

logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s trace_id=" + sys.argv[1] + " %(message)s")
log = logging.getLogger("ledger")


class OutOfFunds(Exception):
    pass


def balance(accounts, user):
    return accounts[user]


def transfer(user):
    try:
        return balance({"ana": 1}, user)
    except KeyError as error:
        raise OutOfFunds("no account") from error


log.info("ledger is up")
try:
    transfer("bob")
except OutOfFunds:
    log.exception("transfer failed")
log.info("next transfer")
print("ledger closes", file=sys.stderr)
[].pop()
