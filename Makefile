# Aliases only; everything is in ./run.
.PHONY: start test quick bench contracts
start: ; @./run
test: ; @./run test
quick: ; @./run test --quick
bench: ; @./run bench
contracts: ; @./run contracts
