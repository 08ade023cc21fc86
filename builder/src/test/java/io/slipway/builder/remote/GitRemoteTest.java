package io.slipway.builder.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.slipway.image.error.SlipwayException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GitRemoteTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "git@host:path/x",
        "git@github.com:a/b.git#main",
        "ssh://git@host/x",
        "git://host/x",
        "https://host/x.git",
        "https://host/x.git#v1:sub",
        "http://host/x.git?ref=v1"
      })
  void repositories(String source) {
    assertThat(GitRemote.isGit(source)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"https://host/x.tgz", "https://host/x.git.txt", "file", "./x.git", "a:b"})
  void otherThings(String source) {
    assertThat(GitRemote.isGit(source)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/x.git, https://h/x.git, '', ''",
    "https://h/x.git#v1, https://h/x.git, v1, ''",
    "https://h/x.git#v1:a/b, https://h/x.git, v1, a/b",
    "https://h/x.git#:a/../b/, https://h/x.git, '', b",
    "https://h/x.git#:../../b, https://h/x.git, '', b",
    "https://h/x.git?branch=dev&subdir=s, https://h/x.git, dev, s",
    "git@h:a/b.git#t, git@h:a/b.git, t, ''",
  })
  void parts(String source, String url, String ref, String subdirectory) {
    GitRemote remote = GitRemote.parse(source);
    assertThat(remote.url()).isEqualTo(url);
    assertThat(remote.ref()).isEqualTo(ref);
    assertThat(remote.subdirectory()).isEqualTo(subdirectory);
    assertThat(remote.submodules()).isTrue();
  }

  @Test
  void options() {
    GitRemote remote =
        GitRemote.parse(
            "https://h/x.git?keep-git-dir=true&submodules=false&mtime=commit&checksum=0123456789"
                + "&fetch-by-commit=true");
    assertThat(remote.keepGitDirectory()).isTrue();
    assertThat(remote.submodules()).isFalse();
    assertThat(remote.commitTimes()).isTrue();
    assertThat(remote.checksum()).isEqualTo("0123456789");
    assertThat(remote.host()).isEqualTo("h");
    assertThat(GitRemote.parse("git@example.com:a/b.git").host()).isEqualTo("example.com");
  }

  @ParameterizedTest
  @CsvSource({
    "https://h/x.git?colour=red, unexpected query",
    "https://h/x.git?ref=a&tag=b, ref conflicts",
    "https://h/x.git#--upload-pack=x, invalid git reference",
    "https://h/x.git?checksum=xyz, invalid checksum",
    "https://h/x.git?fetch-by-commit=maybe, invalid value",
  })
  void refusals(String source, String sentence) {
    assertThatThrownBy(() -> GitRemote.parse(source))
        .isInstanceOf(SlipwayException.class)
        .hasMessageContaining(sentence);
  }
}
