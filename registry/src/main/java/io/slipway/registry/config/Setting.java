package io.slipway.registry.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a record component a setting. */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** What it does, one sentence without a period, for the reference page. */
  String value();

  /**
   * What holds when nothing is set, written as in the file. Without it, a setting must be given,
   * unless it is an Optional, a list, a map or a section.
   */
  String preset() default "";

  /** Whether the value must never be shown. */
  boolean secret() default false;
}
