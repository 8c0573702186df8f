using System.Globalization;
using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>
/// Where the event hub is and how to speak to it, from one connection string: a Kafka bootstrap list (<c>host:port[,host:port]</c>);
/// one of Azure Event Hubs (<c>Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...[;EntityPath=...]</c>); or a namespace alone
/// (<c>Endpoint=https://NAME.servicebus.windows.net/[;ClientId=...]</c>), where a managed identity logs in. When an Endpoint names a port
/// (<c>sb://host:9092/</c> with a key, <c>https://host:9092/[;Scope=...]</c> with an identity), it is of a Kafka broker that takes the
/// same login, as the local event hub does, by TLS; a key with <c>;UseDevelopmentEmulator=true</c> also without.
/// </summary>
public sealed class EventStreamConnection
{
    /// <summary>The largest request that Event Hubs takes is 1,046,528 bytes; Kafka's own default is this as well.</summary>
    internal const int MaxMessageBytes = 1_000_000;

    private const string EventHubsUser = "$ConnectionString";
    private const int EventHubsPort = 9093;
    private const int EmulatorPort = 9092;

    private EventStreamConnection(string bootstrapServers) => BootstrapServers = bootstrapServers;

    /// <summary>The brokers to ask first, as <c>host:port</c>, separated by commas.</summary>
    public string BootstrapServers { get; }

    /// <summary>True when the hub is Azure Event Hubs.</summary>
    public bool IsEventHubs => EventHubsNamespace is not null;

    /// <summary>The name of the Event Hubs namespace (the first label of its host), or null on Kafka.</summary>
    public string? EventHubsNamespace { get; private init; }

    /// <summary>The event hub that the connection string names by <c>EntityPath</c>, or null.</summary>
    public string? EventHub { get; private init; }

    /// <summary>The connection string with its key, of Event Hubs or its emulator; null for Kafka and identities.</summary>
    internal string? Secret { get; private init; }

    /// <summary>The namespace's host; null on Kafka.</summary>
    internal string? Host { get; private init; }

    /// <summary>True for Azure's emulator, or a broker that stands in its place.</summary>
    internal bool IsEmulator { get; private init; }

    /// <summary>Logs clients in by a managed identity; null where a key or nothing does.</summary>
    internal IdentityLogin? Login { get; private init; }

    /// <summary>Reads a connection string.</summary>
    /// <param name="connectionString">See <see cref="EventStreamConnection"/>.</param>
    /// <exception cref="FormatException">It is neither of the two forms; the message says why and never holds a secret.</exception>
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
            ? OfEventHubs(text, EventHubsFields.Parse(text))
            : new EventStreamConnection(KafkaServers.Parse(text));
    }

    /// <summary>The settings of a producer: every acknowledged record is in the log once and in order.</summary>
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

    /// <summary>The settings of a consumer that commits only what it is told to.</summary>
    /// <param name="group">The consumer group; also where nothing is ever committed, a name is needed.</param>
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

    /// <summary>The servers, and never the secret.</summary>
    public override string ToString() => IsEventHubs ? $"Event Hubs {BootstrapServers}" : $"Kafka {BootstrapServers}";

    private ClientConfig ClientConfig()
    {
        Native.Librdkafka.EnsureLoaded();
        var config = new ClientConfig
        {
            BootstrapServers = BootstrapServers,
            ClientId = "cloudticks",
            // By Nagle's rule the requests of a round would wait for the answer to the first one, which the hub gives behind its flush.
            SocketNagleDisable = true,
            SocketKeepaliveEnable = true,
            MessageMaxBytes = MaxMessageBytes,
            LogConnectionClose = false,
            // A broker that comes back must be seen within a second; Event Hubs throttles clients that reconnect that often.
            ReconnectBackoffMaxMs = IsEventHubs ? 10_000 : 1_000,
        };
        // Producers and administrative clients would make a topic that they look for, of one partition.
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
            // Azure drops connections that were idle for four minutes: asked before that, or closed by us.
            config.MetadataMaxAgeMs = 180_000;
            config.ConnectionsMaxIdleMs = 180_000;
        }

        return config;
    }

    private static EventStreamConnection OfEventHubs(string text, EventHubsFields fields)
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
