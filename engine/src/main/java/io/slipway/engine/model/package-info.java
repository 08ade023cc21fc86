/**
 * The Docker Engine API's objects as records, and their JSON.
 *
 * <p>Component names become UpperCamelCase fields ({@link io.slipway.engine.model.Json}); other
 * spellings are annotated. In what clients send, null and absent mean "default", so compact
 * constructors turn null collections and texts into empty ones; the few fields where absent differs
 * from empty are boxed and say so. The records that are persisted ({@code engine.state}) are these
 * same ones: there is no second model.
 *
 * <p>Called by every other package of the engine. Invariant: plain data, no I/O, no other engine
 * package.
 */
package io.slipway.engine.model;
