/**
 * Builds over HTTP: {@code POST /build} with the whole language behind docker's classic endpoint.
 *
 * <p>{@link io.slipway.engine.build.BuildRoutes} reads the request; {@link
 * io.slipway.engine.build.ClassicProgress} and {@link io.slipway.engine.build.EventProgress} show
 * what happens; {@link io.slipway.engine.build.EngineBaseImages} finds what FROM names. The
 * building is {@code builder}'s.
 *
 * <p>Beside docker's parameters there are two of our own: {@code contextdir}, a directory of this
 * machine that is read in place (unix sockets only: who may open one is root already), and {@code
 * progress} ({@code plain} or {@code rawjson}).
 */
package io.slipway.engine.build;
