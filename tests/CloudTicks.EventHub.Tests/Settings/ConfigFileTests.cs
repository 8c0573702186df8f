using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Settings;

public sealed class ConfigFileTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Users_of_config_file_log_in()
    {
        await using var hub = await RunningHub.StartAsync(null, null, "--config", Write(
            $$"""{ "EventHub": { "Users": [ { "Name": "{{TestUsers.Name}}", "Password": "{{TestUsers.Password}}" } ] } }"""));
        using var client = await WireClient.ConnectAsync(hub.Address);
        await client.HandshakeAsync();
        (await client.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.None);
        hub.Log.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Command_line_overrides_config_file()
    {
        var file = Write("""{ "EventHub": { "Listen": "127.0.0.2", "DefaultPartitions": 3 } }""");
        await using (var hub = await RunningHub.StartAsync(null, null, "--config", file))
        {
            hub.Address.Address.ToString().ShouldBe("127.0.0.2");
        }

        await using var other = await RunningHub.StartAsync(null, null, "--config", file, "--listen", "127.0.0.3");
        other.Address.Address.ToString().ShouldBe("127.0.0.3");
    }

    [Theory]
    [InlineData("""{ "EventHub": { "Users": [ { "Name": "a", "Password": canary } ] } }""", "line 1 is not valid")]
    [InlineData("""{ "EventHub": { "Users": [ { "Name": "a", "Password": "canary", "password": "b" } ] } }""", "is not valid")]
    [InlineData("""[ "canary" ]""", "is not valid")]
    [InlineData("""{ "EventHubs": { "Users": "canary" } }""", "the unknown section EventHubs")]
    [InlineData("""{ "EventHub": { "Users": "a:canary" } }""", "users are a list")]
    [InlineData("""{ "EventHub": { "Users": [ "a:canary" ] } }""", "EventHub:Users:0 may have only a Name and a Password")]
    [InlineData("""{ "EventHub": { "Users": { "a": "canary" } } }""", "may have only a Name and a Password")]
    [InlineData("""{ "EventHub": { "Users": [ { "Name": "a", "Secret": "canary" } ] } }""", "may have only a Name and a Password")]
    [InlineData("""{ "EventHub": { "Users": [ { "Password": "canary" } ] } }""", "lacks a name or a password")]
    [InlineData("""{ "EventHub": { "Users": [ { "Name": "canary" } ] } }""", "lacks a name or a password")]
    public async Task Invalid_file_is_refused_without_quoting_secrets(string content, string sentence)
    {
        var refusal = await Should.ThrowAsync<HubStartException>(
            () => RunningHub.StartAsync(_folder.File("hub"), null, "--config", Write(content)));
        refusal.Message.ShouldContain(sentence);
        refusal.Message.ShouldNotContain("canary");
        Directory.Exists(_folder.File("hub")).ShouldBeFalse();
    }

    [Fact]
    public async Task Missing_file_is_refused() =>
        (await Should.ThrowAsync<HubStartException>(
            () => RunningHub.StartAsync(_folder.File("hub"), null, "--config", _folder.File("none.json"))))
            .Message.ShouldContain("none.json cannot be read");

    private string Write(string content)
    {
        File.WriteAllText(_folder.File("hub.json"), content);
        return _folder.File("hub.json");
    }
}
