// The program chainrule of a wheel: what it does is in the shared library beside it, which holds Swift's library and the
// C interface too, so that a wheel carries each once.
int ChainruleCommand_main(int argc, char **argv);

int main(int argc, char **argv) { return ChainruleCommand_main(argc, argv); }
