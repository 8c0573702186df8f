using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>Reads the issuer's keys from a file, an https address, or an http address on loopback.</summary>
internal sealed class KeySource : IDisposable
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan ReadTimeout = TimeSpan.FromSeconds(5);

    private readonly string _location;
    private readonly HttpClient? _http;

    /// <exception cref="HubStartException">The location is neither a file, an https address nor an http address on loopback.</exception>
    public KeySource(string location)
    {
        _location = location;
        if (!location.Contains("://", StringComparison.Ordinal))
        {
            return;
        }

        if (!Uri.TryCreate(location, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new HubStartException(
                $"EventHub__TokenKeys must be an https address or a file with the issuer's keys (JWKS), not {location}. An "
                    + "http address is allowed only on this machine.");
        }

        // A redirect could lead to an unencrypted address.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = ReadTimeout,
            MaxResponseContentBufferSize = MaxBytes,
            BaseAddress = address,
        };
    }

    public bool IsFile => _http is null;

    /// <summary>The file or the address.</summary>
    public override string ToString() => _location;

    /// <exception cref="IOException">The keys cannot be read; the message says why.</exception>
    public async Task<byte[]> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return _http is null ? await ReadFileAsync(cancellationToken) : await _http.GetByteArrayAsync((Uri?)null, cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or UnauthorizedAccessException or ArgumentException or NotSupportedException
            || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw new IOException(e.Message, e);
        }
    }

    public void Dispose() => _http?.Dispose();

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken) => new FileInfo(_location).Length <= MaxBytes
        ? await File.ReadAllBytesAsync(_location, cancellationToken)
        : throw new IOException($"The file is larger than {MaxBytes} bytes.");
}
