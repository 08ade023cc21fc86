package io.slipway.dockerfile.word;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeredocWordTest {

  private static String show(HeredocWord word) {
    String digits = word.fileDescriptor().isPresent() ? "" + word.fileDescriptor().getAsInt() : "";
    return digits + (word.chomp() ? "<<-" : "<<") + word.name() + (word.expand() ? "" : "!");
  }

  /** A {@code !} marks names whose body is not expanded. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " => ",
      quoteCharacter = '^',
      nullValues = "none",
      value = {
        "RUN <<EOF => <<EOF",
        "RUN <<-EOF cat => <<-EOF",
        "RUN 3<<EOF 10<<-X => 3<<EOF,10<<-X",
        "RUN << EOF => <<EOF",
        "RUN <<   EOF sh => <<EOF",
        "RUN <<- EOF => <<-EOF",
        "RUN <<'EOF' => <<EOF!",
        "RUN <<\"EOF\" => <<EOF!",
        "RUN <<E'O'F => <<EOF!",
        "RUN <<eo\\'f => <<eo'f",
        "RUN <<'e'o\\'f => <<eo'f!",
        "RUN <<'one two' => <<one two!",
        "RUN <<$EOF => <<$EOF",
        "RUN <<${EOF} => <<${EOF}",
        "RUN <<EOF>out => <<EOF>out",
        "RUN <<EOF; => <<EOF;",
        "RUN <<EOF|sh => <<EOF|sh",
        "RUN \"<<EOF\" => none",
        "RUN '<<EOF' => none",
        "RUN <<<EOF => none",
        "RUN cat<<EOF => none",
        "RUN << => none",
        "RUN <<'' => none",
        "RUN echo $((1 << 2)) => <<2))",
        "RUN echo $((1<<2)) => none",
        "RUN echo hi # <<EOF => <<EOF",
        "RUN echo it's <<EOF => none",
        "RUN echo ${x^} <<EOF => none",
        "RUN echo it\\'s <<EOF => <<EOF",
        "RUN x < <<EOF => <<EOF",
        "RUN 99999999999<<EOF => 2147483647<<EOF"
      })
  void findsHeredocsOfALine(String line, String expected) {
    String actual =
        HeredocWord.findAll(line).stream()
            .map(HeredocWordTest::show)
            .collect(Collectors.joining(","));
    assertThat(actual).isEqualTo(expected == null ? "" : expected);
  }
}
