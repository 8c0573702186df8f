using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventStream;
using Confluent.Kafka;

namespace CloudTicks.EventHub.Tests.Security;

/// <summary>TLS and logins with librdkafka.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(90);

    private readonly TestCertificates _certificates = new();
    private readonly TestUsers _users = new();

    public void Dispose()
    {
        _certificates.Dispose();
        _users.Dispose();
    }

    [Theory(Timeout = 240_000)]
    [InlineData(TestUsers.Name, TestUsers.Password)]
    [InlineData("$ConnectionString", TestUsers.ConnectionString)]
    public async Task Password_is_accepted_without_encryption(string name, string password)
    {
        await using var hub = await RunningHub.StartAsync(null, null, _users.Options);
        RoundTrip(hub, WithPassword(hub, SecurityProtocol.SaslPlaintext, name, password));
        hub.Log.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory(Timeout = 240_000)]
    [InlineData(TestUsers.Name, TestUsers.Password)]
    [InlineData("$ConnectionString", TestUsers.ConnectionString)]
    public async Task Password_is_accepted_with_encryption(string name, string password)
    {
        await using var hub = await RunningHub.StartAsync(null, null, ["--listen", "0.0.0.0", .. _users.Options, .. _certificates.Tls]);
        RoundTrip(hub, WithPassword(hub, SecurityProtocol.SaslSsl, name, password));
        hub.Log.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Event_hubs_connection_string_is_accepted(bool encrypted)
    {
        await using var hub = await RunningHub.StartAsync(null, null, [.. _users.Options, .. encrypted ? _certificates.Tls : []]);
        var connection = EventStreamConnection.Parse(
            $"Endpoint=sb://localhost:{hub.Address.Port}/;SharedAccessKeyName={TestUsers.Name};SharedAccessKey={TestUsers.Password}"
            + (encrypted ? "" : ";UseDevelopmentEmulator=true"));
        var config = new ClientConfig(new Dictionary<string, string>(
            connection.AdminConfig()))
        { BrokerAddressFamily = BrokerAddressFamily.V4, AllowAutoCreateTopics = true };
        if (encrypted)
        {
            config.SslCaLocation = _certificates.Authority;
        }

        RoundTrip(hub, config);
    }

    [Fact(Timeout = 240_000)]
    public async Task Client_certificate_is_accepted()
    {
        await using var hub = await RunningHub.StartAsync(null, null, ["--listen", "0.0.0.0", .. _certificates.MutualTls]);
        RoundTrip(hub, WithCertificate(hub, _certificates));
    }

    [Fact(Timeout = 240_000)]
    public async Task Certificate_of_other_authority_is_refused()
    {
        using var otherCertificates = new TestCertificates();
        await using var hub = await RunningHub.StartAsync(null, null, _certificates.MutualTls);
        var config = WithCertificate(hub, otherCertificates);
        config.SslCaLocation = _certificates.Authority;
        using var stranger = Admin(config);
        Should.Throw<KafkaException>(() => stranger.GetMetadata(TimeSpan.FromSeconds(2)));
        await hub.Log.UntilLineAsync("could not log in");
    }

    [Theory(Timeout = 240_000)]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_without_client_certificate_are_refused(bool encrypted)
    {
        await using var hub = await RunningHub.StartAsync(null, null, _certificates.MutualTls);
        using var tcp = new TcpClient();
        await tcp.ConnectAsync(hub.Address, TestContext.Current.CancellationToken);
        Stream stream = tcp.GetStream();
        if (encrypted)
        {
            var tls = new SslStream(stream, false, (_, certificate, _, _) => certificate?.Subject == "CN=hub");
            try
            {
                await tls.AuthenticateAsClientAsync("localhost");
            }
            catch (Exception e) when (e is IOException or AuthenticationException)
            {
                return;
            }

            stream = tls;
        }

        // An ApiVersions request of version 0 without a client id.
        byte[] request = [0, 0, 0, 10, 0, 18, 0, 0, 0, 0, 0, 1, 255, 255];
        await Should.ThrowAsync<IOException>(async () =>
        {
            await stream.WriteAsync(request, TestContext.Current.CancellationToken);
            await stream.ReadExactlyAsync(new byte[8], TestContext.Current.CancellationToken);
        });
    }

    [Fact(Timeout = 240_000)]
    public async Task Tls_client_of_hub_without_certificate_is_logged()
    {
        await using var hub = await RunningHub.StartAsync();
        using var client = Admin(WithPassword(hub, SecurityProtocol.Ssl, "", ""));
        Should.Throw<KafkaException>(() => client.GetMetadata(TimeSpan.FromSeconds(2)));
        await hub.Log.UntilLineAsync("the client uses TLS, but the event hub has no certificate");
    }

    [Fact(Timeout = 240_000)]
    public async Task Random_bytes_to_tls_hub_are_harmless()
    {
        await using var hub = await RunningHub.StartAsync(null, null, [.. _users.Options, .. _certificates.Tls]);
        var random = new Random(1);
        for (var i = 0; i < 50; i++)
        {
            using var hostile = await WireClient.ConnectAsync(hub.Address);
            var bytes = new byte[random.Next(1, 600)];
            random.NextBytes(bytes);
            if (i % 2 == 0)
            {
                bytes[0] = 0x16;
            }

            await hostile.SendAsync(bytes);
        }

        RoundTrip(hub, WithPassword(hub, SecurityProtocol.SaslSsl, TestUsers.Name, TestUsers.Password));
        hub.Log.Lines.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Metadata_has_host_name_from_tls_handshake()
    {
        await using var hub = await RunningHub.StartAsync(null, null, ["--listen", "0.0.0.0", .. _users.Options, .. _certificates.Tls]);
        using var client = Admin(WithPassword(hub, SecurityProtocol.SaslSsl, TestUsers.Name, TestUsers.Password));
        client.GetMetadata(MaxWait).Brokers.ShouldHaveSingleItem().Host.ShouldBe("localhost");
    }

    [Theory(Timeout = 240_000)]
    [InlineData("does not listen on 0.0.0.0 without a login", "--listen", "0.0.0.0")]
    [InlineData("does not listen on :: without a login", "--listen", "::")]
    [InlineData("does not listen on 192.0.2.1 without a login", "--listen", "192.0.2.1")]
    [InlineData(
        "does not listen on 0.0.0.0 without a login", "--listen", "0.0.0.0", "--tls-certificate", "hub.pem", "--tls-key", "hub.key")]
    [InlineData("need a server certificate", "--tls-client-ca", "authority.pem")]
    [InlineData("nowhere.pem cannot be read", "--tls-certificate", "nowhere.pem")]
    [InlineData("does not contain its certificate's private key", "--tls-certificate", "hub.pem")]
    [InlineData("does not contain the private key", "--tls-certificate", "hub.pem", "--tls-key", "client.key")]
    [InlineData("contains no PEM certificate", "--tls-certificate", "hub.key", "--tls-key", "hub.key")]
    [InlineData("is damaged", "--tls-certificate", "damaged.pem", "--tls-key", "hub.key")]
    [InlineData("users cannot be read", "--users-file", "users")]
    [InlineData("Line 2 of the users file", "--users-file", "line.users")]
    [InlineData("has no user", "--users-file", "empty.users")]
    [InlineData("is defined twice", "--users-file", "twice.users")]
    [InlineData("$ConnectionString is not a valid user name", "--users-file", "reserved.users")]
    [InlineData("Do not name users on the command line", "--EventHub:Users:0:Password", "canary")]
    public async Task Invalid_security_setting_is_refused_with_an_error_message(string sentence, params string[] arguments)
    {
        _certificates.Write("damaged.pem", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n");
        _certificates.Write("line.users", "a:canary\ncanary\n");
        _certificates.Write("empty.users", "# empty\n");
        _certificates.Write("twice.users", "a:canary\na:canary2\n");
        _certificates.Write("reserved.users", "$ConnectionString:canary\n");
        var folder = Path.Combine(Path.GetDirectoryName(_certificates.Authority)!, "data");
        string[] fullArguments =
            [.. arguments.Select(a => a.EndsWith(".pem", StringComparison.Ordinal) || a.EndsWith(".key", StringComparison.Ordinal)
            || a.EndsWith("users", StringComparison.Ordinal) ? Path.Combine(Path.GetDirectoryName(_certificates.Authority)!, a) : a)];
        fullArguments = [.. fullArguments.Select((a, i) => arguments[i].StartsWith("--", StringComparison.Ordinal) ? arguments[i] : a)];

        var refusal = await Should.ThrowAsync<HubStartException>(() => RunningHub.StartAsync(folder, null, fullArguments));

        refusal.Message.ShouldContain(sentence);
        refusal.Message.ShouldNotContain("canary");
        refusal.Message.ShouldNotContain("\n");
        Directory.Exists(folder).ShouldBeFalse();
    }

    [Fact(Timeout = 240_000)]
    public async Task Unencrypted_passwords_are_logged_as_warning()
    {
        await using var hub = await RunningHub.StartAsync(null, null, ["--listen", "0.0.0.0", .. _users.Options]);
        hub.Log.Lines.ShouldContain(
            line => line.StartsWith("Warning: passwords and records are sent unencrypted on the network", StringComparison.Ordinal));
        RoundTrip(hub, WithPassword(hub, SecurityProtocol.SaslPlaintext, TestUsers.Name, TestUsers.Password));
    }

    private static void RoundTrip(RunningHub hub, ClientConfig config)
    {
        using (var producer = new ProducerBuilder<byte[], byte[]>(
            new ProducerConfig(new Dictionary<string, string>(config)) { EnableIdempotence = true }).Build())
        {
            producer.Produce("ticks", new Message<byte[], byte[]> { Value = [1, 2, 3] },
                report => report.Error.Code.ShouldBe(Confluent.Kafka.ErrorCode.NoError));
            producer.Flush(MaxWait).ShouldBe(0);
        }

        var consumerConfig = new ConsumerConfig(
            new Dictionary<string, string>(config))
        { GroupId = "g", AutoOffsetReset = AutoOffsetReset.Earliest };
        using var consumer = new ConsumerBuilder<byte[], byte[]>(consumerConfig).SetLogHandler(static (_, _) => { }).Build();
        consumer.Subscribe("ticks");
        consumer.Consume(MaxWait).ShouldNotBeNull().Message.Value.ShouldBe([1, 2, 3]);
        consumer.Close();
        hub.Log.Lines.ShouldNotContain(
            line => line.Contains("could not log in", StringComparison.Ordinal) && line.Contains("password", StringComparison.Ordinal));
    }

    private static IAdminClient Admin(ClientConfig config) => new AdminClientBuilder(config).SetLogHandler(static (_, _) => { }).Build();

    private ClientConfig WithPassword(RunningHub hub, SecurityProtocol protocol, string name, string password) => new()
    {
        BootstrapServers = $"localhost:{hub.Address.Port}",
        BrokerAddressFamily = BrokerAddressFamily.V4,
        SecurityProtocol = protocol,
        SaslMechanism = SaslMechanism.Plain,
        SaslUsername = name,
        SaslPassword = password,
        SslCaLocation = _certificates.Authority,
    };

    private ClientConfig WithCertificate(RunningHub hub, TestCertificates client) => new()
    {
        BootstrapServers = $"localhost:{hub.Address.Port}",
        BrokerAddressFamily = BrokerAddressFamily.V4,
        SecurityProtocol = SecurityProtocol.Ssl,
        SslCaLocation = _certificates.Authority,
        SslCertificateLocation = client.ClientCertificate,
        SslKeyLocation = client.ClientKey,
    };
}
