"""`python -m ops_delivery.replay`, the same as the command `ops-delivery`."""

from ops_delivery.replay.cli import main

if __name__ == "__main__":
	raise SystemExit(main())
