using CloudTicks.Functions.Hosting.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class SettingsTests
{
    private static readonly EventHubFunction Function = FunctionCatalog.Find([typeof(RecordEvents)]).EventHubs.Single();

    [Theory]
    [InlineData("eventhubs")]
    [InlineData("ConnectionStrings:eventhubs")]
    public void Trigger_reads_its_connection_and_names_from_settings(string connectionSetting)
    {
        var trigger = EventHubTrigger.Resolve(
            Function, Settings((connectionSetting, "localhost:9092"), ("topic", "ticks"), ("group", "g")));

        (trigger.Topic, trigger.ConsumerGroup, trigger.Connection.BootstrapServers).ShouldBe(("ticks", "g", "localhost:9092"));
    }

    [Fact]
    public void Missing_connection_is_refused_with_the_name_of_the_setting() =>
        Should.Throw<InvalidOperationException>(() => EventHubTrigger.Resolve(Function, Settings(("topic", "ticks"), ("group", "g"))))
            .Message.ShouldContain("ConnectionStrings__eventhubs");

    [Fact]
    public void Invalid_connection_is_refused_with_function_and_setting()
    {
        var refusal = Should.Throw<InvalidOperationException>(
            () => EventHubTrigger.Resolve(Function, Settings(("eventhubs", "nonsense"), ("topic", "ticks"), ("group", "g"))));

        refusal.Message.ShouldContain("RecordEvents");
        refusal.Message.ShouldContain("host:port");
    }

    [Fact]
    public void Missing_setting_in_a_name_is_refused_by_name() =>
        Should.Throw<InvalidOperationException>(
            () => EventHubTrigger.Resolve(Function, Settings(("eventhubs", "localhost:9092"), ("topic", "t"))))
            .Message.ShouldContain("%group%");

    [Fact]
    public void Job_host_setting_overrides_host_json()
    {
        var fileSettings = HostJson.Read(AppContext.BaseDirectory, Settings());
        var overriddenSettings = HostJson.Read(
            AppContext.BaseDirectory, Settings(("AzureFunctionsJobHost:extensions:eventHubs:maxEventBatchSize", "7")));

        fileSettings["extensions:eventHubs:maxEventBatchSize"].ShouldBe("50");
        overriddenSettings["extensions:eventHubs:maxEventBatchSize"].ShouldBe("7");
    }

    private static IConfiguration Settings(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Value)))
        .Build();
}
