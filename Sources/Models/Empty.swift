import Sequences
