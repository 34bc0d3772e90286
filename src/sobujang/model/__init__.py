"""The network and how its scores become records: configuration, sub-words, network, decoding, runtime, export."""
