package io.slipway.registry.auth.jwt;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.slipway.image.content.AtomicFile;
import io.slipway.image.error.ErrorKind;
import io.slipway.image.error.SlipwayException;
import io.slipway.image.model.Bytes;
import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.Provider;
import java.security.PublicKey;
import java.security.Signature;
import java.time.Clock;
import java.util.Set;
import org.bouncycastle.jce.provider.BouncyCastleProvider;
import org.bouncycastle.openssl.PEMKeyPair;
import org.bouncycastle.openssl.PEMParser;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;

/**
 * The key that signs our own tokens: read from a file of the data root, made there at first use.
 * Bouncy Castle makes and writes it, and signs; it is used as an object and never installed, so
 * that hashing stays with the JDK.
 */
public final class SigningKey {
  private final PrivateKey privateKey;
  private final SignatureAlgorithm algorithm;
  private final ObjectNode jwk;
  private final Provider provider;

  private SigningKey(KeyPair pair, SignatureAlgorithm algorithm, Provider provider) {
    this.privateKey = pair.getPrivate();
    this.algorithm = algorithm;
    this.provider = provider;
    this.jwk = JwkWriter.write(pair.getPublic()).orElseThrow().put("alg", algorithm.id());
  }

  /**
   * @param es256 whether a new key is one for ES256, in place of EdDSA
   * @throws SlipwayException INVALID when the file holds no usable key
   */
  public static SigningKey open(Path file, boolean es256) {
    Provider provider = new BouncyCastleProvider();
    try {
      if (!Files.exists(file)) {
        make(file, es256, provider);
      }
      return read(file, provider);
    } catch (IOException e) {
      throw new SlipwayException(
          ErrorKind.INTERNAL, "cannot open token key " + file + ": " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Bouncy Castle has Ed25519 and EC", e);
    }
  }

  private static void make(Path file, boolean es256, Provider provider)
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(es256 ? "EC" : "Ed25519", provider);
    if (es256) {
      generator.initialize(new java.security.spec.ECGenParameterSpec("secp256r1"));
    }
    KeyPair pair = generator.generateKeyPair();
    StringWriter pem = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(pem)) {
      writer.writeObject(pair.getPublic());
      writer.writeObject(pair.getPrivate());
    }
    AtomicFile.createDirectories(file.getParent());
    AtomicFile.write(file, Bytes.utf8(pem.toString()), AtomicFile.OWNER_ONLY);
  }

  private static SigningKey read(Path file, Provider provider) throws IOException {
    String pem;
    try {
      pem = Files.readString(file);
    } catch (NoSuchFileException e) {
      throw new SlipwayException(ErrorKind.INVALID, "no token key " + file, e);
    }
    JcaPEMKeyConverter converter = new JcaPEMKeyConverter().setProvider(provider);
    PublicKey publicKey = null;
    PrivateKey privateKey = null;
    try (PEMParser parser = new PEMParser(new StringReader(pem))) {
      for (Object one = parser.readObject(); one != null; one = parser.readObject()) {
        switch (one) {
          case PEMKeyPair pair -> privateKey = converter.getKeyPair(pair).getPrivate();
          case org.bouncycastle.asn1.pkcs.PrivateKeyInfo info ->
              privateKey = converter.getPrivateKey(info);
          case org.bouncycastle.asn1.x509.SubjectPublicKeyInfo info ->
              publicKey = converter.getPublicKey(info);
          default -> throw SlipwayException.invalid(file + " holds more than a key pair");
        }
      }
    }
    if (publicKey == null || privateKey == null) {
      throw SlipwayException.invalid(file + " holds no pair of public and private key in PEM");
    }
    SignatureAlgorithm algorithm =
        publicKey.getAlgorithm().equals("EC") || publicKey.getAlgorithm().equals("ECDSA")
            ? SignatureAlgorithm.ES256
            : SignatureAlgorithm.EDDSA;
    return new SigningKey(new KeyPair(publicKey, privateKey), algorithm, provider);
  }

  /** A token in compact form. */
  public String sign(ObjectNode claims) {
    ObjectNode header = JsonNodeFactory.instance.objectNode();
    header.put("alg", algorithm.id()).put("typ", "JWT").put("kid", jwk.path("kid").asText());
    String signed = encode(header) + "." + encode(claims);
    try {
      String name = algorithm == SignatureAlgorithm.EDDSA ? "Ed25519" : "SHA256withPLAIN-ECDSA";
      Signature signer = Signature.getInstance(name, provider);
      signer.initSign(privateKey);
      signer.update(signed.getBytes(StandardCharsets.US_ASCII));
      return signed + "." + JsonText.encode(signer.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Bouncy Castle signs with its own keys", e);
    }
  }

  private static String encode(ObjectNode json) {
    return JsonText.encode(json.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** The public key as a JSON Web Key set. */
  public byte[] jwks() {
    ObjectNode set = JsonNodeFactory.instance.objectNode();
    set.putArray("keys").add(jwk.deepCopy());
    return set.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** Believes what this key signed for one issuer and audience. */
  public TokenVerifier verifier(String issuer, String audience, Clock clock) {
    KeySet keys = new KeySet(JwkReader.set(jwks(), "token key"), CertificateBundle.none(clock));
    return new TokenVerifier(issuer, Set.of(audience), () -> keys, clock);
  }
}
