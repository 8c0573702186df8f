using System.Globalization;
using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>
/// The address of the event hub and the login, from one connection string: a Kafka bootstrap list (<c>host:port[,host:port]</c>); one of
/// Azure Event Hubs (<c>Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...[;EntityPath=...]</c>); or only a namespace
/// (<c>Endpoint=https://NAME.servicebus.windows.net/[;ClientId=...]</c>), where a managed identity logs in. An Endpoint with a port
/// (<c>sb://host:9092/</c> with a key, <c>https://host:9092/[;Scope=...]</c> with an identity) is a Kafka broker that accepts the same
/// login over TLS, like the local event hub; a key with <c>;UseDevelopmentEmulator=true</c> also works without TLS.
/// </summary>
public sealed class EventStreamConnection
{
    /// <summary>
    /// Maximum bytes of a message. Event Hubs accepts requests of up to 1,046,528 bytes; 1,000,000 is also Kafka's default.
    /// </summary>
    internal const int MaxMessageBytes = 1_000_000;

    private const string EventHubsUser = "$ConnectionString";
    private const int EventHubsPort = 9093;
    private const int EmulatorPort = 9092;

    private EventStreamConnection(string bootstrapServers) => BootstrapServers = bootstrapServers;

    /// <summary>The bootstrap servers, as <c>host:port</c>, separated by commas.</summary>
    public string BootstrapServers { get; }

    /// <summary>True for Azure Event Hubs.</summary>
    public bool IsEventHubs => EventHubsNamespace is not null;

    /// <summary>The name of the Event Hubs namespace (the first label of its host); null for Kafka.</summary>
    public string? EventHubsNamespace { get; private init; }

    /// <summary>The event hub in <c>EntityPath</c> of the connection string, or null.</summary>
    public string? EventHub { get; private init; }

    /// <summary>The connection string with its key, of Event Hubs or its emulator; null for Kafka and identities.</summary>
    internal string? Secret { get; private init; }

    /// <summary>The namespace's host; null for Kafka.</summary>
    internal string? Host { get; private init; }

    /// <summary>True for Azure's emulator, or a broker that replaces it.</summary>
    internal bool IsEmulator { get; private init; }

    /// <summary>The login with a managed identity; null when clients log in with a key or without a login.</summary>
    internal IdentityLogin? Login { get; private init; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="connectionString">See <see cref="EventStreamConnection"/>.</param>
    /// <exception cref="FormatException">The format is not supported; the message gives the reason and contains no secret.</exception>
    public static EventStreamConnection Parse(string? connectionString)
    {
        if (string.IsNullOrWhiteSpace(connectionString))
        {
            throw new FormatException(
                "The connection string of the event hub is empty: set ConnectionStrings__eventhubs to host:port of a Kafka broker, " +
                "or to the connection string of an Event Hubs namespace.");
        }

        var text = connectionString.Trim();
        return text.Contains('=', StringComparison.Ordinal)
            ? FromEventHubs(text, EventHubsFields.Parse(text))
            : new EventStreamConnection(KafkaServers.Parse(text));
    }

    /// <summary>The settings of a producer: the log contains every acknowledged record once and in order.</summary>
    public ProducerConfig ProducerConfig()
    {
        var config = new ProducerConfig(ClientConfig())
        {
            Acks = Acks.All,
            EnableIdempotence = true,
            CompressionType = CompressionType.None,
            LingerMs = 0,
        };
        if (IsEventHubs)
        {
            config.RequestTimeoutMs = 60_000;
        }

        return config;
    }

    /// <summary>The settings of a consumer without automatic commits.</summary>
    /// <param name="group">The consumer group; required even when nothing is committed.</param>
    public ConsumerConfig ConsumerConfig(string group) => new(ClientConfig())
    {
        GroupId = group,
        EnableAutoCommit = false,
        EnableAutoOffsetStore = false,
        AllowAutoCreateTopics = false,
        IsolationLevel = IsolationLevel.ReadCommitted,
        SessionTimeoutMs = IsEventHubs ? 30_000 : 10_000,
        HeartbeatIntervalMs = 3_000,
    };

    /// <summary>The settings of an administrative client.</summary>
    public AdminClientConfig AdminConfig() => new(ClientConfig());

    /// <summary>The servers, without the secret.</summary>
    public override string ToString() => IsEventHubs ? $"Event Hubs {BootstrapServers}" : $"Kafka {BootstrapServers}";

    private ClientConfig ClientConfig()
    {
        Native.Librdkafka.EnsureLoaded();
        var config = new ClientConfig
        {
            BootstrapServers = BootstrapServers,
            ClientId = "cloudticks",
            // With Nagle's algorithm the requests of a round would wait for the first response, which the event hub sends after its flush.
            SocketNagleDisable = true,
            SocketKeepaliveEnable = true,
            MessageMaxBytes = MaxMessageBytes,
            LogConnectionClose = false,
            // A broker that restarts must be found within a second; Event Hubs throttles clients that reconnect this often.
            ReconnectBackoffMaxMs = IsEventHubs ? 10_000 : 1_000,
        };
        // Producers and administrative clients would create a missing topic, with one partition.
        config.Set("allow.auto.create.topics", "false");
        if (Secret is not null)
        {
            config.SecurityProtocol = IsEmulator ? SecurityProtocol.SaslPlaintext : SecurityProtocol.SaslSsl;
            config.SaslMechanism = SaslMechanism.Plain;
            config.SaslUsername = EventHubsUser;
            config.SaslPassword = Secret;
        }
        else if (Login is not null)
        {
            config.SecurityProtocol = SecurityProtocol.SaslSsl;
            config.SaslMechanism = SaslMechanism.OAuthBearer;
        }

        if (IsEventHubs)
        {
            // Azure drops connections that are idle for four minutes: send something, or close them, before that.
            config.MetadataMaxAgeMs = 180_000;
            config.ConnectionsMaxIdleMs = 180_000;
        }

        return config;
    }

    private static EventStreamConnection FromEventHubs(string text, EventHubsFields fields)
    {
        var port = fields.Port ?? (fields.IsEmulator ? EmulatorPort : EventHubsPort);
        var isAzure = fields.Port is null && !fields.IsEmulator;
        return new EventStreamConnection(string.Create(CultureInfo.InvariantCulture, $"{fields.Host}:{port}"))
        {
            Host = fields.Host,
            EventHubsNamespace = isAzure ? fields.Host.Split('.')[0] : null,
            EventHub = fields.EntityPath,
            Secret = fields.HasKey ? text : null,
            IsEmulator = fields.IsEmulator,
            Login = fields.HasKey ? null : new IdentityLogin(fields.Host, fields.ClientId, fields.Scope),
        };
    }
}
