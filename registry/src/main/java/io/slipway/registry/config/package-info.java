/** What can be set of a registry, as records. */
package io.slipway.registry.config;
