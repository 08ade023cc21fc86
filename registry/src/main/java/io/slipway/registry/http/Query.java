package io.slipway.registry.http;

import io.slipway.registry.store.ErrorCode;
import io.slipway.registry.store.RegistryFault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The query of a request; names and values decoded, repeated names kept in order. */
final class Query {
  private static final Query NONE = new Query(List.of());

  private record Parameter(String name, String value) {}

  private final List<Parameter> parameters;

  private Query(List<Parameter> parameters) {
    this.parameters = parameters;
  }

  /** Parses the query of a raw request target; what precedes the question mark is ignored. */
  static Query of(String target) {
    int mark = target.indexOf('?');
    if (mark < 0 || mark == target.length() - 1) {
      return NONE;
    }
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : target.substring(mark + 1).split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      parameters.add(new Parameter(Percent.decode(name), Percent.decode(value)));
    }
    return new Query(parameters);
  }

  Optional<String> first(String name) {
    return parameters.stream().filter(p -> p.name.equals(name)).map(Parameter::value).findFirst();
  }

  List<String> all(String name) {
    return parameters.stream().filter(p -> p.name.equals(name)).map(Parameter::value).toList();
  }

  /** A count of items; a value that is not a whole number from 0 on is the client's error. */
  OptionalInt count(String name) {
    Optional<String> text = first(name);
    if (text.isEmpty()) {
      return OptionalInt.empty();
    }
    String digits = text.get();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      throw RegistryFault.of(
          ErrorCode.PAGINATION_NUMBER_INVALID, name + " must be a number from 0 on", digits);
    }
    return OptionalInt.of(digits.length() > 9 ? Integer.MAX_VALUE : Integer.parseInt(digits));
  }
}
