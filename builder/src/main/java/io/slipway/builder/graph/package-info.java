/**
 * What has to be done, as data: a graph of vertices, each one operation on the results of others.
 *
 * <p>Made by {@code builder.frontend}, scheduled by {@code builder.solver}, carried out by {@code
 * builder.op}. Of the builder it imports only {@code builder.error} and the name of a git
 * repository. Invariants: everything is immutable; equal operations on equal inputs have equal
 * digests; labels and hints are not part of a digest.
 */
package io.slipway.builder.graph;
