using System.Globalization;
using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>
/// The address of the event hub and the login, read from a connection string in one of these forms:
/// <list type="bullet">
/// <item>Kafka brokers without a login: <c>host:port[,host:port]</c>.</item>
/// <item>Event Hubs with a key: <c>Endpoint=sb://...;SharedAccessKeyName=...;SharedAccessKey=...[;EntityPath=...]</c>.</item>
/// <item>Event Hubs with a managed identity: <c>Endpoint=https://NAME.servicebus.windows.net/[;ClientId=...]</c>.</item>
/// <item>
/// A Kafka broker that accepts these logins over TLS, like the local event hub: an Endpoint with a port, <c>sb://host:9092/</c> with a key
/// or <c>https://host:9092/[;Scope=...]</c> with an identity. With a key, <c>;UseDevelopmentEmulator=true</c> turns TLS off.
/// </item>
/// </list>
/// </summary>
public sealed class EventStreamConnection
{
    /// <summary>
    /// Maximum bytes of a message. Event Hubs accepts requests of up to 1,046,528 bytes; 1,000,000 is also librdkafka's default.
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

    /// <summary>The name of the Event Hubs namespace (the first label of its host); null for its emulator and for Kafka brokers.</summary>
    public string? EventHubsNamespace { get; private init; }

    /// <summary>The event hub in <c>EntityPath</c> of the connection string; null when the connection string does not contain it.</summary>
    public string? EventHub { get; private init; }

    /// <summary>The connection string, if it contains a key; null when clients use an identity or no login.</summary>
    internal string? Secret { get; private init; }

    /// <summary>The host in the <c>Endpoint</c> of the connection string; null for a list of Kafka brokers.</summary>
    internal string? Host { get; private init; }

    /// <summary>True for Azure's emulator, or a broker that replaces it.</summary>
    internal bool IsEmulator { get; private init; }

    /// <summary>The login with a managed identity; null when clients use a key or no login.</summary>
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

    /// <summary>The settings of a producer whose acknowledged records are in the log once and in order.</summary>
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

    /// <summary>The settings of an admin client.</summary>
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
            // With Nagle's algorithm, a request would wait for the response to the previous request, which the event hub sends after its
            // flush.
            SocketNagleDisable = true,
            SocketKeepaliveEnable = true,
            MessageMaxBytes = MaxMessageBytes,
            LogConnectionClose = false,
            // A broker that restarts must be found within a second; Event Hubs throttles clients that reconnect this often.
            ReconnectBackoffMaxMs = IsEventHubs ? 10_000 : 1_000,
        };
        // Otherwise producers and admin clients would create a missing topic, with one partition.
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
            // Azure drops connections that are idle for four minutes: refresh the metadata, or close the connection, before that.
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
