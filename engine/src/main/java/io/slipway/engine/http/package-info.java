/**
 * The HTTP face of the engine: listeners, the route table, and everything about the Docker Engine
 * API that is the same for every resource.
 *
 * <p>A resource package ({@code engine.container}, {@code engine.image}, ...) offers one class
 * {@code XRoutes} with a method {@code List<Route> routes()}. To add a resource:
 *
 * <ol>
 *   <li>write {@code XRoutes} with the services it needs as constructor parameters;
 *   <li>list its endpoints as data, without the version prefix: {@code Route.get("/images/json",
 *       this::list)}; {@code {id}} stands for one path segment, {@code {name*}} for one or more
 *       (image names contain slashes);
 *   <li>write each endpoint as a plain blocking method {@code Reply list(Request request)}: read
 *       {@link io.slipway.engine.http.Request#query()}, {@link
 *       io.slipway.engine.http.Request#json(Class)} or {@link
 *       io.slipway.engine.http.Request#body()}; return a {@link io.slipway.engine.http.Reply};
 *       throw {@link io.slipway.image.error.SlipwayException} for errors ({@link
 *       io.slipway.engine.http.ErrorMapper} makes the status and the JSON of it);
 *   <li>add {@code xRoutes.routes()} to the list given to {@link
 *       io.slipway.engine.http.RouteTable}.
 * </ol>
 *
 * <p>Main types: {@link io.slipway.engine.http.EngineServer} (listens, owns the threads), {@link
 * io.slipway.engine.http.RouteTable}, {@link io.slipway.engine.http.Request}, {@link
 * io.slipway.engine.http.Reply}, {@link io.slipway.engine.http.HijackedStream}, {@link
 * io.slipway.engine.http.ProgressStream}.
 *
 * <p>Invariants: each request runs on its own virtual thread and may block; event loops only parse
 * and move bytes; every stream in and out has back-pressure; {@link
 * io.slipway.engine.http.Cancellation} fires when the client is gone. Vert.x and Netty types never
 * leave this package.
 */
package io.slipway.engine.http;
