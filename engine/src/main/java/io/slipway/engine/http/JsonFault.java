package io.slipway.engine.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import java.util.Collection;

/** Why a body is not what an endpoint reads: the field and what it should have been. */
final class JsonFault {
  private JsonFault() {}

  static String of(JsonProcessingException fault) {
    String reason = reason(fault);
    return fault instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()
        ? field(mapping) + ": " + reason
        : reason;
  }

  private static String reason(JsonProcessingException fault) {
    return switch (fault) {
      case InvalidNullException nothing -> "null is not allowed in this list";
      case MismatchedInputException wrong when wrong.getTargetType() != null ->
          "must be " + word(wrong.getTargetType());
      default -> fault.getOriginalMessage().split("\n", 2)[0];
    };
  }

  private static String field(JsonMappingException fault) {
    StringBuilder path = new StringBuilder();
    for (JsonMappingException.Reference step : fault.getPath()) {
      if (step.getFieldName() != null) {
        path.append(path.isEmpty() ? "" : ".").append(step.getFieldName());
      } else {
        path.append('[').append(step.getIndex()).append(']');
      }
    }
    return path.toString();
  }

  private static String word(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    if (type == boolean.class || type == Boolean.class) {
      return "true or false";
    }
    if (type.isPrimitive() || Number.class.isAssignableFrom(type)) {
      return "a whole number in range";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object";
  }
}
