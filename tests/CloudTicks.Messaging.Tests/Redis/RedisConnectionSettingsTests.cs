using CloudTicks.Messaging.Redis;

namespace CloudTicks.Messaging.Tests.Redis;

public class RedisConnectionSettingsTests
{
    [Theory]
    [InlineData("localhost:6380", "localhost:6380", 0, null)]
    [InlineData("localhost", "localhost:6379", 0, null)]
    [InlineData("redis://cache.example:6380/3", "cache.example:6380", 3, null)]
    [InlineData("redis://p%40ss@127.0.0.1:6379", "127.0.0.1:6379", 0, "p@ss")]
    [InlineData("redis://:pass:word@127.0.0.1:6379/1", "127.0.0.1:6379", 1, "pass:word")]
    [InlineData("rediss://default:pa@ss/w#rd@[::1]:6379/", "::1:6379", 0, "pa@ss/w#rd")]
    public void Address_is_parsed(string text, string server, int database, string? password)
    {
        var settings = RedisConnectionSettings.Parse(text);

        settings.ToString().ShouldBe(server);
        settings.Database.ShouldBe(database);
        settings.Password.ShouldBe(password);
        settings.ToOptions().Ssl.ShouldBe(text.StartsWith("rediss", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("")]
    [InlineData("http://canary@host:6379")]
    [InlineData("redis://canary@")]
    [InlineData("redis://canary@host:99999")]
    [InlineData("redis://canary@host:6379/zero")]
    [InlineData("redis://somebody:canary@host:6379")]
    public void Invalid_address_is_rejected_without_its_secret(string text) =>
        Should.Throw<FormatException>(() => RedisConnectionSettings.Parse(text)).Message.ShouldNotContain("canary");
}
