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
    public void Kafka_brokers_are_taken_as_they_stand(string text, string servers)
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
    [InlineData(",", "names no broker")]
    [InlineData("localhost", "'localhost'")]
    [InlineData("localhost:", "'localhost:'")]
    [InlineData("localhost:99999", "host:port")]
    [InlineData("http://localhost:9092", "host:port")]
    [InlineData("Endpoint=sb://a.servicebus.windows.net/;SharedAccessKeyName=x", "SharedAccessKey")]
    [InlineData("SharedAccessKeyName=x;SharedAccessKey=" + Secret, "Endpoint")]
    [InlineData("Endpoint=https://a.servicebus.windows.net/;SharedAccessKeyName=x;SharedAccessKey=" + Secret, "sb://")]
    [InlineData("Secret=" + Secret + ";Endpoint=sb://a/;Endpoint=sb://b/", "part 3")]
    public void Wrong_connection_string_says_what_is_wrong_and_no_secret(string? text, string expected)
    {
        var refused = Should.Throw<FormatException>(() => EventStreamConnection.Parse(text));

        refused.Message.ShouldContain(expected);
        refused.Message.ShouldNotContain(Secret);
    }

    [Fact]
    public void Event_hubs_are_reached_by_their_kafka_endpoint()
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
        config.MessageMaxBytes!.Value.ShouldBeLessThanOrEqualTo(1_000_000);
        connection.ConsumerConfig("g").SessionTimeoutMs.ShouldBe(30_000);
    }

    [Theory]
    [InlineData("sb://localhost:9092/", "", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslSsl)]
    [InlineData("sb://hub.example:19092", ";EntityPath=tick_archive", "hub.example:19092", Confluent.Kafka.SecurityProtocol.SaslSsl)]
    [InlineData("sb://localhost:9092/", ";UseDevelopmentEmulator=true;", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslPlaintext)]
    [InlineData("sb://localhost", ";UseDevelopmentEmulator=true;", "localhost:9092", Confluent.Kafka.SecurityProtocol.SaslPlaintext)]
    public void Endpoint_with_a_port_is_a_broker_that_takes_the_same_login(
        string endpoint, string more, string servers, Confluent.Kafka.SecurityProtocol protocol)
    {
        var text = $"Endpoint={endpoint};SharedAccessKeyName=collector;SharedAccessKey={Secret}{more}";

        var connection = EventStreamConnection.Parse(text);

        connection.IsEventHubs.ShouldBeFalse("its topics can be made, and it names its own identity");
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
    public void Text_of_a_connection_holds_no_secret()
    {
        var connection = EventStreamConnection.Parse(EventHubs);

        connection.ToString().ShouldBe("Event Hubs ticks.servicebus.windows.net:9093");
        $"{connection}".ShouldNotContain(Secret);
    }
}
