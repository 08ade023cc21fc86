/*
 * Words of a Dockerfile, one mode for each way an instruction's arguments are written.
 *
 * The lexer sees the text through LogicalCharStream: line continuations with the comments and blank
 * lines between them, the byte order mark, carriage returns before a line feed and blanks at the
 * end of a logical line are not there, the escape character of the file is U+0001, letters beyond
 * ASCII are U+0002 and blanks beyond ASCII U+0003. LogicalLexer, the base class, chooses the mode
 * of the arguments when it meets ARGUMENTS, and makes the HEREDOC tokens.
 */
lexer grammar DockerfileLexer;

options {
    superClass = LogicalLexer;
    caseInsensitive = true;
}

channels {
    COMMENTS
}

tokens {
    HEREDOC
}

// ---- the start of a logical line; also the inner instruction of ONBUILD

LINE_START  : (BLANK | '\n')+ -> skip ;
COMMENT     : '#' ~[\n]* -> channel(COMMENTS) ;

ADD         : 'add'         -> mode(FLAGS) ;
ARG         : 'arg'         -> mode(FLAGS) ;
CMD         : 'cmd'         -> mode(FLAGS) ;
COPY        : 'copy'        -> mode(FLAGS) ;
ENTRYPOINT  : 'entrypoint'  -> mode(FLAGS) ;
ENV         : 'env'         -> mode(FLAGS) ;
EXPOSE      : 'expose'      -> mode(FLAGS) ;
FROM        : 'from'        -> mode(FLAGS) ;
HEALTHCHECK : 'healthcheck' -> mode(FLAGS) ;
LABEL       : 'label'       -> mode(FLAGS) ;
MAINTAINER  : 'maintainer'  -> mode(FLAGS) ;
ONBUILD     : 'onbuild'     -> mode(FLAGS) ;
RUN         : 'run'         -> mode(FLAGS) ;
SHELL       : 'shell'       -> mode(FLAGS) ;
STOPSIGNAL  : 'stopsignal'  -> mode(FLAGS) ;
USER        : 'user'        -> mode(FLAGS) ;
VOLUME      : 'volume'      -> mode(FLAGS) ;
WORKDIR     : 'workdir'     -> mode(FLAGS) ;

// Only ASCII blanks end a keyword: a no-break space inside it makes it an unknown one.
UNKNOWN     : NOT_BLANK NOT_SEPARATOR* -> mode(REST) ;

// ---- after the keyword: flags, up to the first word that is none

mode FLAGS;

FLAG        : '--' FLAG_PART* ESCAPE? ;
OPEN_FLAG   : '--' FLAG_PART* ('"' FLAG_DOUBLE* | '\'' FLAG_SINGLE*) ESCAPE? -> type(FLAG) ;
FLAGS_BLANK : BLANK+ -> skip ;
END         : '\n' -> mode(DEFAULT_MODE) ;
ARGUMENTS   : . ;

fragment FLAG_PART
    : ESCAPE ~[\n]
    | '"' FLAG_DOUBLE* '"'
    | '\'' FLAG_SINGLE* '\''
    | ~["'\n\u0001\t\u000B\f\r \u0003]
    ;
fragment FLAG_DOUBLE : ESCAPE ~[\n] | ~["\n\u0001] ;
fragment FLAG_SINGLE : ESCAPE ~[\n] | ~['\n\u0001] ;

// ---- words between ASCII blanks; quotes do not matter

mode WORDS;

WORD        : NOT_SEPARATOR+ ;
WORDS_BLANK : SEPARATOR+ -> skip ;
WORDS_END   : '\n' -> type(END), mode(DEFAULT_MODE) ;

// ---- words of name=value lists: quotes and escapes protect blanks; an open quote runs to the end

mode PAIRS;

PAIR        : PAIR_PART+ ESCAPE? ;
OPEN_PAIR   : PAIR_PART* ('"' PAIR_DOUBLE* ESCAPE? | '\'' ~['\n]*) -> type(PAIR) ;
PAIRS_BLANK : BLANK+ -> skip ;
PAIRS_END   : '\n' -> type(END), mode(DEFAULT_MODE) ;

fragment PAIR_PART
    : ESCAPE ~[\n]
    | '"' PAIR_DOUBLE* '"'
    | '\'' ~['\n]* '\''
    | ~["'\n\u0001\t\u000B\f\r \u0003]
    ;
fragment PAIR_DOUBLE : ESCAPE ~[\n] | ~["\n\u0001] ;

// ---- the whole rest of the line

mode REST;

REST_BLANK  : BLANK+ -> skip ;
TEXT        : NOT_BLANK ~[\n]* ;
REST_END    : '\n' -> type(END), mode(DEFAULT_MODE) ;

// ---- a JSON array of strings, known to be one; here the escape character shows as itself

mode JSON;

JSON_OPEN   : '[' ;
JSON_CLOSE  : ']' ;
JSON_COMMA  : ',' ;
JSON_STRING : '"' ('\\' ~[\n] | ~["\\\n])* '"' ;
JSON_BLANK  : BLANK+ -> skip ;
JSON_END    : '\n' -> type(END), mode(DEFAULT_MODE) ;

// ---- HEALTHCHECK: CMD or NONE, then a command

mode HEALTH;

HEALTH_TYPE : NOT_BLANK+ -> mode(HEALTH_COMMAND) ;

mode HEALTH_COMMAND;

HEALTH_BLANK     : BLANK+ -> skip ;
HEALTH_END       : '\n' -> type(END), mode(DEFAULT_MODE) ;
HEALTH_ARGUMENTS : . -> type(ARGUMENTS) ;

fragment ESCAPE        : '\u0001' ;
fragment BLANK         : [\t\u000B\f\r \u0003] ;
fragment NOT_BLANK     : ~[\n\t\u000B\f\r \u0003] ;
fragment SEPARATOR     : [\t\u000B\f\r ] ;
fragment NOT_SEPARATOR : ~[\n\t\u000B\f\r ] ;
