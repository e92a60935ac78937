"""What `ops_delivery.setup.demo` is made of."""
