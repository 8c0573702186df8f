using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>Where the issuer's keys are: a file, or an address by https. Plain http is read from this machine alone.</summary>
internal sealed class KeySource : IDisposable
{
    private const int MaxBytes = 256 * 1024;

    private static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(5);

    private readonly string _place;
    private readonly HttpClient? _http;

    /// <exception cref="HubStartException">It is neither, or an address that others could answer in the issuer's place.</exception>
    public KeySource(string place)
    {
        _place = place;
        if (!place.Contains("://", StringComparison.Ordinal))
        {
            return;
        }

        if (!Uri.TryCreate(place, UriKind.Absolute, out var address)
            || !(address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback)))
        {
            throw new HubStartException(
                $"EventHub__TokenKeys is {place}: name the issuer's keys (JWKS) by an https address, or by a file. Over http they are read "
                    + "from this machine alone.");
        }

        // A redirection could lead to an address that is not encrypted.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
        {
            Timeout = MaxTime,
            MaxResponseContentBufferSize = MaxBytes,
            BaseAddress = address,
        };
    }

    public bool IsFile => _http is null;

    /// <summary>The file or the address.</summary>
    public override string ToString() => _place;

    /// <exception cref="IOException">It cannot be read; the message says why.</exception>
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

    private async Task<byte[]> ReadFileAsync(CancellationToken cancellationToken) => new FileInfo(_place).Length <= MaxBytes
        ? await File.ReadAllBytesAsync(_place, cancellationToken)
        : throw new IOException($"The file is larger than {MaxBytes} bytes.");
}
