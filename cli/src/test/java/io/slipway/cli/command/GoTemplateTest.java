package io.slipway.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.cli.client.JsonValue;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GoTemplateTest {
  private static final String VALUE =
      """
      {"Name":"/web","State":{"Status":"running","ExitCode":3,"Paused":false},
       "Args":["a","b"],"Labels":{"x.y":"1","b":"2"},"Empty":"","None":null,
       "Ports":{"80/tcp":[{"HostPort":"8080"}]}}
      """;

  private static String render(String template) throws IOException {
    byte[] json = VALUE.getBytes(StandardCharsets.UTF_8);
    return GoTemplate.parse(template).render(JsonValue.read(new ByteArrayInputStream(json)));
  }

  /** Each result is what docker's own inspect prints for such a template. */
  @ParameterizedTest
  @CsvSource(
      delimiterString = " ==> ",
      value = {
        "plain ==> plain",
        "{{.Name}} ==> /web",
        "{{ .State.Status }}={{.State.ExitCode}} ==> running=3",
        "{{json .Args}} ==> [\"a\",\"b\"]",
        "{{.Args}} ==> [a b]",
        "{{.Labels}} ==> map[b:2 x.y:1]",
        "{{.None}} ==> <no value>",
        "{{index .Labels \"x.y\"}} ==> 1",
        "{{index .Labels \"nosuch\"}}. ==> .",
        "{{index .Args 1}} ==> b",
        "{{(index (index .Ports \"80/tcp\") 0).HostPort}} ==> 8080",
        "{{range .Args}}<{{.}}>{{end}} ==> <a><b>",
        "{{range $i, $a := .Args}}{{$i}}={{$a}};{{end}} ==> 0=a;1=b;",
        "{{range $k, $v := .Labels}}{{$k}}={{$v}};{{end}} ==> b=2;x.y=1;",
        "{{range .None}}x{{else}}none{{end}} ==> none",
        "{{if .State.Paused}}p{{else}}r{{end}} ==> r",
        "{{if eq .State.Status \"running\"}}yes{{end}} ==> yes",
        "{{if and .Name (not .Empty)}}yes{{end}} ==> yes",
        "{{with .State}}{{.Status}}{{end}} ==> running",
        "{{$n := .Name}}{{$n}}{{$.State.ExitCode}} ==> /web3",
        "{{len .Args}} ==> 2",
        "{{.Name | upper | printf \"%s!\"}} ==> /WEB!",
        "{{join .Args \",\"}} ==> a,b",
        "{{range split .Name \"/\"}}[{{.}}]{{end}} ==> [][web]",
        "{{printf \"%-6s;%3d\" .Name .State.ExitCode}} ==> /web  ;  3",
        "{{title \"abc\"}} {{truncate \"abcdef\" 3}} ==> Abc abc",
        "a {{- /* gone */ -}} b ==> ab",
        "{{println \"x\"}}. ==> 'x\n.'",
      })
  void rendersAsDocker(String template, String expected) throws IOException {
    assertThat(render(template)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiterString = " ==> ",
      value = {
        "{{.Nosuch}} ==> map has no entry for key \"Nosuch\"",
        "{{.State.Nosuch}} ==> executing \"\" at <.State.Nosuch>",
        "{{nosuch .}} ==> function \"nosuch\" not defined",
        "{{if .Name}}x ==> unexpected EOF",
        "{{end}} ==> unexpected {{end}}",
        "{{}} ==> missing value for command",
        "{{.Name | }} ==> missing value for command",
        "{{(.Name}} ==> unclosed left paren",
        "{{$x}} ==> undefined variable \"$x\"",
      })
  void saysWhatIsWrong(String template, String reason) {
    assertThatThrownBy(() -> render(template))
        .isInstanceOf(CommandFailure.class)
        .hasMessageStartingWith("template parsing error: template: ")
        .hasMessageContaining(reason);
  }
}
