/**
 * What is known from earlier builds: which keys mean the same result, and of what each key was
 * made.
 *
 * <p>{@link io.slipway.builder.cache.CacheKey} names a result; whether the result itself is there
 * is known to whoever keeps results (a committed snapshot named after the key), so this index may
 * be lost at any time without making a build wrong, only slower. {@link
 * io.slipway.builder.cache.CacheIndex} is what {@code builder.solver} asks; {@link
 * io.slipway.builder.cache.SqliteCacheIndex} keeps it in {@code build/cache.db}.
 *
 * <p>Invariants: an alias is only recorded between keys whose results have equal content; writes
 * are collected and made durable in the background, in order.
 */
package io.slipway.builder.cache;
