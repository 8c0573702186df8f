using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CloudTicks.TestServices;

namespace CloudTicks.Messaging.Tests.Nats.Contract;

/// <summary>A server with TLS and a self-signed certificate, as deployed (infra/modules/nats-node.bicep).</summary>
public sealed class NatsTlsTests : IAsyncLifetime
{
    private const string HostName = "cloudticks-nats";

    private readonly TemporaryFolder _folder = new();
    private readonly Clients _clients = new();
    private string _certificateFile = null!;
    private NatsTestServer _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _certificateFile = Certificate("server");
        _server = await NatsTestServer.StartNewAsync($$"""
            authorization { user: "ticks", password: "right" }
            tls { cert_file: "{{_certificateFile}}", key_file: "{{_folder.File("server.key")}}" }
            """);
    }

    public async ValueTask DisposeAsync()
    {
        await _clients.DisposeAsync();
        await _server.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Authority_file_lets_clients_connect_and_publish()
    {
        var url = Address($"?ca={_certificateFile}&name={HostName}");
        var signal = new Signal(1);
        var subscriber = _clients.Subscriber(url);
        subscriber.Subscribe("ticks.>", (_, _) => signal.Add());
        await subscriber.ReadyAsync(Cancellation);
        var publisher = _clients.Publisher(url);
        await publisher.WaitUntilConnectedAsync(Cancellation);

        await publisher.PublishAsync("ticks.EURUSD"u8, "1"u8);
        await publisher.ConfirmAsync(publisher.Generation, Cancellation);
        await signal.Reached.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Authority_can_be_PEM_text()
    {
        var text = await File.ReadAllTextAsync(_certificateFile, Cancellation);

        await _clients.Publisher(Address($"?ca={Uri.EscapeDataString(text)}")).WaitUntilConnectedAsync(Cancellation);
    }

    [Fact]
    public async Task Clients_without_the_authority_do_not_connect()
    {
        string[] strangers =
        [
            Address($"?ca={Certificate("other")}&name={HostName}"), Address($"?ca={_certificateFile}&name=other.{HostName}"), Address(""),
            Address($"?name={HostName}"),
        ];
        foreach (var (index, url) in strangers.Index())
        {
            var publisher = _clients.Publisher(url);
            await _clients.LineAsync("No connection to NATS", index + 1, Cancellation);
            publisher.IsConnected.ShouldBeFalse(url);
        }
    }

    /// <summary>
    /// The server requires TLS, so the client library encrypts despite <c>nats://</c>, but it does not trust the certificate.
    /// </summary>
    [Fact]
    public async Task Client_without_TLS_does_not_connect()
    {
        var publisher = _clients.Publisher(Address("").Replace("tls://", "nats://", StringComparison.Ordinal));

        await _clients.LineAsync("No connection to NATS", 1, Cancellation);
        publisher.IsConnected.ShouldBeFalse();
    }

    private string Address(string parameters) => $"tls://ticks:right@127.0.0.1:{_server.Port}{parameters}";

    /// <summary>A self-signed certificate, with its key in the same folder.</summary>
    private string Certificate(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={HostName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(HostName);
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UnixEpoch.AddYears(50), DateTimeOffset.UnixEpoch.AddYears(100));
        File.WriteAllText(_folder.File($"{name}.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(_folder.File($"{name}.key"), key.ExportPkcs8PrivateKeyPem());
        return _folder.File($"{name}.pem");
    }
}
