using CloudTicks.Messaging.Nats;

namespace CloudTicks.Messaging.Tests.Nats;

public sealed class NatsConnectionSettingsTests
{
    [Theory]
    [InlineData("nats://127.0.0.1:4333", "nats://127.0.0.1:4333")]
    [InlineData("nats://server", "nats://server:4222")]
    [InlineData("server:5000", "nats://server:5000")]
    [InlineData("nats://a:1, nats://b:2,", "nats://a:1,nats://b:2")]
    [InlineData("nats://nats:p%40ss:w@host:4222", "nats://host:4222")]
    [InlineData("nats://user:canary/#?@host", "nats://host:4222")]
    [InlineData("tls://[::1]:4444", "tls://[::1]:4444")]
    [InlineData("tls://user:ca?nary@a?name=b,tls://c:1?name=b", "tls://a:4222,tls://c:1")]
    public void Connection_string_is_parsed_and_its_secret_hidden(string text, string servers) =>
        NatsConnectionSettings.Parse(text).ToString().ShouldBe(servers);

    [Fact]
    public void Credentials_of_one_server_are_used_for_all()
    {
        var settings = NatsConnectionSettings.Parse("nats://nats:p%40ss:w@a,nats://b");

        settings.UserName.ShouldBe("nats");
        settings.Password.ShouldBe("p@ss:w");
        settings.Token.ShouldBeNull();
    }

    [Fact]
    public void Single_word_is_a_token() => NatsConnectionSettings.Parse("nats://s3cret@a").Token.ShouldBe("s3cret");

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" , ")]
    [InlineData("http://canary:canary@host")]
    [InlineData("nats://canary:canary@")]
    [InlineData("nats://u:canary@host:port")]
    [InlineData("nats://u:canary@host/path")]
    [InlineData("nats://u:canary@a,nats://u:other@b")]
    [InlineData("nats://u:canary@a?name=b")]
    [InlineData("tls://u:canary@a?name=b,tls://u:canary@c?name=d")]
    [InlineData("tls://u:canary@a?ca=/no/such/file")]
    [InlineData("tls://u:canary@a?ca=/dev/null")]
    [InlineData("tls://u:canary@a?insecure=true")]
    public void Invalid_connection_string_is_rejected_without_repeating_it(string? text)
    {
        var exception = Should.Throw<FormatException>(() => NatsConnectionSettings.Parse(text));

        exception.ToString().ShouldNotContain("canary");
        exception.Message.ShouldContain("NATS connection string");
    }
}
