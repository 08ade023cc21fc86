/**
 * The one family of failures of Slipway.
 *
 * <p>{@link io.slipway.image.error.SlipwayException} carries an {@link
 * io.slipway.image.error.ErrorKind}; each protocol (engine API, registry API, command line) maps
 * kinds to its own codes in one table. Every other package of every module that depends on
 * image-core throws it. Subclasses exist only where a caller handles the case on its own.
 *
 * <p>Messages are one line, lower case, name the object and the step, and end without a period.
 */
package io.slipway.image.error;
