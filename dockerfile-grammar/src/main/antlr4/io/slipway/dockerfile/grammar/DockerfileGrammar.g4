/*
 * The instructions of a Dockerfile. Every sequence of tokens that DockerfileLexer can produce is a
 * sentence of this grammar: what is missing or too much is told by dockerfile.parse, in the words
 * people know.
 */
parser grammar DockerfileGrammar;

options {
    tokenVocab = DockerfileLexer;
}

dockerfile
    : instruction* EOF
    ;

instruction
    : statement END HEREDOC*
    ;

statement
    : plain
    | onbuild
    ;

onbuild
    : ONBUILD FLAG* trigger?
    ;

// A second ONBUILD is refused later; its own instruction stays text so that nothing nests further.
trigger
    : plain
    | ONBUILD FLAG* TEXT?
    ;

plain
    : keyword=(FROM | EXPOSE) FLAG* WORD*                                   # words
    | keyword=(ADD | COPY | VOLUME) FLAG* (jsonArray | WORD*)               # list
    | keyword=(RUN | CMD | ENTRYPOINT | SHELL) FLAG* command?               # process
    | keyword=(ARG | ENV | LABEL) FLAG* PAIR*                               # pairs
    | keyword=(MAINTAINER | STOPSIGNAL | USER | WORKDIR) FLAG* TEXT?        # single
    | keyword=HEALTHCHECK FLAG* (HEALTH_TYPE command?)?                     # health
    | keyword=UNKNOWN TEXT?                                                 # unknown
    ;

command
    : jsonArray
    | TEXT
    ;

jsonArray
    : JSON_OPEN (JSON_STRING (JSON_COMMA JSON_STRING)*)? JSON_CLOSE
    ;
