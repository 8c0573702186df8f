using CloudTicks.AppHost;

namespace CloudTicks.Deployment.Tests;

/// <summary>The settings that the functions receive for an Event Hubs namespace under Aspire.</summary>
public sealed class KeylessNamespaceTests
{
    [Theory]
    [InlineData("Endpoint=https://evhns-1.servicebus.windows.net/")]
    [InlineData("Endpoint=sb://evhns-1.servicebus.windows.net")]
    public void Namespace_without_a_key_uses_an_identity(string connectionString) =>
        KeylessNamespace.Settings("eventhubs", connectionString).ShouldBe(
            new Dictionary<string, string> { ["eventhubs__fullyQualifiedNamespace"] = "evhns-1.servicebus.windows.net" });

    [Fact]
    public void User_assigned_identity_is_named() =>
        KeylessNamespace.Settings("eventhubs", "Endpoint=https://evhns-1.servicebus.windows.net/;ClientId=1234").ShouldBe(
            new Dictionary<string, string>
            {
                ["eventhubs__fullyQualifiedNamespace"] = "evhns-1.servicebus.windows.net",
                ["eventhubs__credential"] = "managedidentity",
                ["eventhubs__clientId"] = "1234",
            },
            ignoreOrder: true);

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("kafka-1:9092,kafka-2:9092")]
    [InlineData("Endpoint=sb://evhns-1.servicebus.windows.net/;SharedAccessKeyName=all;SharedAccessKey=a2V5")]
    [InlineData("Endpoint=sb://localhost;SharedAccessKeyName=all;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true")]
    public void Connection_string_with_a_key_is_kept(string? connectionString) =>
        KeylessNamespace.Settings("eventhubs", connectionString).ShouldBeEmpty();
}
