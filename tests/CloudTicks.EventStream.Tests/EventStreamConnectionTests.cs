using Microsoft.Extensions.Configuration;

namespace CloudTicks.EventStream.Tests;

public sealed class EventStreamConnectionTests
{
    private const string Secret = "c2VjcmV0LWNhbmFyeQ==";
    private const string EventHubs =
        "Endpoint=sb://Ticks.servicebus.windows.net/;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=" + Secret;

    [Theory]
    [InlineData("localhost:9092", "localhost:9092")]
    [InlineData(" a:1, b:65535 ,", "a:1,b:65535")]
    [InlineData("[::1]:9092", "[::1]:9092")]
    public void Kafka_brokers_become_bootstrap_servers(string text, string servers)
    {
        var connection = EventStreamConnection.Parse(text);

        connection.BootstrapServers.ShouldBe(servers);
        connection.IsEventHubs.ShouldBeFalse();
        connection.ProducerConfig().BootstrapServers.ShouldBe(servers);
        connection.ProducerConfig().SecurityProtocol.ShouldBeNull();
    }

    [Theory]
    [InlineData(null, "ConnectionStrings__eventhubs")]
    [InlineData("  ", "ConnectionStrings__eventhubs")]
    [InlineData(",", "contains no broker")]
    [InlineData("localhost", "'localhost'")]
    [InlineData("localhost:", "'localhost:'")]
    [InlineData("localhost:99999", "host:port")]
    [InlineData("http://localhost:9092", "host:port")]
    [InlineData("Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=x", "SharedAccessKey")]
    [InlineData("SharedAccessKeyName=x;SharedAccessKey=" + Secret, "Endpoint")]
    [InlineData("Endpoint=https://a.servicebus.windows.net/;SharedAccessKeyName=x;SharedAccessKey=" + Secret, "sb://")]
    [InlineData("Endpoint=sb://a.servicebus.windows.net/;SharedAccessSignature=" + Secret, "SharedAccessKeyName")]
    [InlineData("Endpoint=sb://localhost:9092/", "SharedAccessKeyName")]
    [InlineData("Endpoint=sb://localhost;UseDevelopmentEmulator=true", "SharedAccessKeyName")]
    [InlineData("Endpoint=http://a.servicebus.windows.net/", "https://")]
    [InlineData("Secret=" + Secret + ";Endpoint=sb://a/;Endpoint=sb://b/", "part 3")]
    public void Invalid_connection_string_is_described_without_secret(string? text, string expected)
    {
        var refusal = Should.Throw<FormatException>(() => EventStreamConnection.Parse(text));

        refusal.Message.ShouldContain(expected);
        refusal.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public void Event_hubs_use_the_Kafka_endpoint()
    {
        var connection = EventStreamConnection.Parse(EventHubs);
        var config = connection.ProducerConfig();

        connection.EventHubsNamespace.ShouldBe("ticks");
        config.BootstrapServers.ShouldBe("ticks.servicebus.windows.net:9093");
        config.SecurityProtocol.ShouldBe(Confluent.Kafka.SecurityProtocol.SaslSsl);
        config.SaslMechanism.ShouldBe(Confluent.Kafka.SaslMechanism.Plain);
        config.SaslUsername.ShouldBe("$ConnectionString");
        config.SaslPassword.ShouldBe(EventHubs);
        config.RequestTimeoutMs.ShouldBe(60_000);
        config.MetadataMaxAgeMs.ShouldBe(180_000);
        config.SocketKeepaliveEnable.ShouldBe(true);
        config.ConnectionsMaxIdleMs!.Value.ShouldBeLessThan(240_000, "Azure drops connections that are idle for longer");
        config.MessageMaxBytes!.Value.ShouldBeLessThanOrEqualTo(1_000_000);
        config.CompressionType.ShouldBe(Confluent.Kafka.CompressionType.None, "the Standard tier rejects compression");
        config.EnableIdempotence.ShouldBe(true);
        connection.ConsumerConfig("g").SessionTimeoutMs.ShouldBe(30_000);
    }

    [Theory]
    [InlineData("Endpoint=https://Ticks.servicebus.windows.net/")]
    [InlineData("Endpoint=https://ticks.servicebus.windows.net:443/;EntityPath=tick_archive")]
    [InlineData("Endpoint=sb://ticks.servicebus.windows.net/;ClientId=11111111-2222-3333-4444-555555555555")]
    public void Namespace_without_key_uses_an_identity(string text)
    {
        var connection = EventStreamConnection.Parse(text);
        var config = connection.ProducerConfig();

        connection.EventHubsNamespace.ShouldBe("ticks");
        config.BootstrapServers.ShouldBe("ticks.servicebus.windows.net:9093");
        config.SecurityProtocol.ShouldBe(Confluent.Kafka.SecurityProtocol.SaslSsl);
        config.SaslMechanism.ShouldBe(Confluent.Kafka.SaslMechanism.OAuthBearer);
        config.SaslUsername.ShouldBeNull();
        config.SaslPassword.ShouldBeNull();
        config.RequestTimeoutMs.ShouldBe(60_000);
        connection.ConsumerConfig("g").SaslMechanism.ShouldBe(Confluent.Kafka.SaslMechanism.OAuthBearer);
        connection.AdminConfig().SaslMechanism.ShouldBe(Confluent.Kafka.SaslMechanism.OAuthBearer);
    }

    [Fact]
    public void Https_endpoint_with_port_is_a_broker_with_identity_login()
    {
        var connection = EventStreamConnection.Parse("Endpoint=https://hub.example:9092/;Scope=api://hub/.default");
        var config = connection.ProducerConfig();

        connection.IsEventHubs.ShouldBeFalse("clients can create topics on a broker, and it reports its own id");
        config.BootstrapServers.ShouldBe("hub.example:9092");
        config.SecurityProtocol.ShouldBe(Confluent.Kafka.SecurityProtocol.SaslSsl);
        config.SaslMechanism.ShouldBe(Confluent.Kafka.SaslMechanism.OAuthBearer);
    }

    [Theory]
    [InlineData("ConnectionStrings:eventhubs", "broker:9092", "Kafka broker:9092")]
    [InlineData("eventhubs", "broker:9092", "Kafka broker:9092")]
    [InlineData("eventhubs:fullyQualifiedNamespace", "ticks.servicebus.windows.net", "Event Hubs ticks.servicebus.windows.net:9093")]
    public void Connection_string_is_found_in_each_setting(string setting, string value, string expected)
    {
        var settings = new ConfigurationBuilder().AddInMemoryCollection([new(setting, value)]).Build();

        var text = EventStreamServiceCollectionExtensions.ConnectionStringOf(
            settings, EventStreamServiceCollectionExtensions.ConnectionName);

        EventStreamConnection.Parse(text).ToString().ShouldBe(expected);
    }

    [Fact]
    public void Azure_Functions_client_id_selects_the_identity()
    {
        var settings = new ConfigurationBuilder()
            .AddInMemoryCollection(
                [new("eventhubs:fullyQualifiedNamespace", "ticks.servicebus.windows.net"), new("eventhubs:clientId", "abc")]).Build();

        EventStreamServiceCollectionExtensions.ConnectionStringOf(settings, "eventhubs")
            .ShouldBe("Endpoint=https://ticks.servicebus.windows.net/;ClientId=abc");
        EventStreamServiceCollectionExtensions.ConnectionStringOf(settings, "other").ShouldBeNull();
    }

    [Theory]
    [InlineData("sb://localhost:9092/", "", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslSsl)]
    [InlineData("sb://hub.example:19092", ";EntityPath=tick_archive", "hub.example:19092", Confluent.Kafka.SecurityProtocol.SaslSsl)]
    [InlineData("sb://localhost:9092/", ";UseDevelopmentEmulator=true;", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslPlaintext)]
    [InlineData("sb://localhost", ";UseDevelopmentEmulator=true;", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslPlaintext)]
    public void Endpoint_with_port_and_key_is_a_broker_with_key_login(
        string endpoint, string more, string servers, Confluent.Kafka.SecurityProtocol protocol)
    {
        var text = $"Endpoint={endpoint};SharedAccessKeyName=collector;SharedAccessKey={Secret}{more}";

        var connection = EventStreamConnection.Parse(text);

        connection.IsEventHubs.ShouldBeFalse("clients can create topics on a broker, and it reports its own id");
        connection.BootstrapServers.ShouldBe(servers);
        connection.ToString().ShouldBe($"Kafka {servers}");
        var config = connection.ProducerConfig();
        config.SecurityProtocol.ShouldBe(protocol);
        config.SaslUsername.ShouldBe("$ConnectionString");
        config.SaslPassword.ShouldBe(text);
    }

    [Fact]
    public void Entity_path_is_the_event_hub() =>
        EventStreamConnection.Parse(EventHubs + ";EntityPath=tick_archive").EventHub.ShouldBe("tick_archive");

    [Fact]
    public void Connection_text_contains_no_secret()
    {
        var connection = EventStreamConnection.Parse(EventHubs);

        connection.ToString().ShouldBe("Event Hubs ticks.servicebus.windows.net:9093");
        $"{connection}".ShouldNotContain(Secret);
    }
}
