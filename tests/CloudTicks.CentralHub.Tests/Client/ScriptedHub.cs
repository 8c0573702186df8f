using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using CloudTicks.CentralHub.Documents;
using CloudTicks.LocalServices.Processes;

namespace CloudTicks.CentralHub.Tests.Client;

/// <summary>
/// A central hub under the control of a test. Like the real one, it serves a document and holds polls until the document changes. A script
/// may return any bytes instead.
/// </summary>
internal sealed class ScriptedHub : IAsyncDisposable
{
    private readonly TcpListener _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Task, bool> _serving = [];
    private readonly List<HubRequest> _requests = [];
    private readonly Lock _gate = new();
    private readonly Task _accepting;
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private (int Version, string Json) _document = (0, "{}");

    private ScriptedHub(int port)
    {
        _listener = new TcpListener(IPAddress.Loopback, port);
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public string Address => $"http://127.0.0.1:{Port}";

    /// <summary>Called for each request: returns the response to send, or null for the regular response.</summary>
    public Func<HubRequest, CancellationToken, Task<byte[]?>>? Script { get; set; }

    /// <summary>Whether the central hub holds polls until the document changes; otherwise it responds immediately.</summary>
    public bool HoldsPolls { get; set; } = true;

    public IReadOnlyList<HubRequest> Requests
    {
        get
        {
            lock (_gate)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Starts a central hub.</summary>
    /// <param name="port">
    /// Its port; null for a reserved one, on which no other server answers after this one has stopped.
    /// </param>
    public static ScriptedHub Start(int? port = null) => new(port ?? FreePort.Choose());

    public static string TagOf(int version, string json) => DocumentTag.Of(version, json);

    public static byte[] Response(string head, string body = "") =>
        Encoding.UTF8.GetBytes($"HTTP/1.1 {head}\r\nContent-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}");

    public static byte[] Document(int version, string json) => Response(
        string.Create(CultureInfo.InvariantCulture,
            $"200 OK\r\nConfig-Version: {version}\r\nETag: {TagOf(version, json)}\r\nContent-Type: application/json"), json);

    /// <summary>Sets the version that the central hub serves.</summary>
    public void Set(int version, string json)
    {
        lock (_gate)
        {
            _document = (version, json);
            _changed.TrySetResult();
            _changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    /// <summary>Waits for a matching request, including earlier ones.</summary>
    public async Task<HubRequest> RequestAsync(Predicate<HubRequest> matches, CancellationToken cancellationToken)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (true)
        {
            if (Requests.FirstOrDefault(request => matches(request)) is { } found)
            {
                return found;
            }

            await poll.WaitForNextTickAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _accepting;
        _listener.Dispose();
        await Task.WhenAll(_serving.Keys);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                _serving.TryAdd(ServeAsync(client), true);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException)
        {
            // The test ends.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var connection = client;
        try
        {
            await using var stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                lock (_gate)
                {
                    _requests.Add(request);
                }

                var response = Script is { } script ? await script(request, _stopping.Token) : null;
                await stream.WriteAsync(response ?? await RegularResponseAsync(request), _stopping.Token);
                if (response is not null)
                {
                    // A scripted response ends the connection.
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException)
        {
            // The client disconnected, or the test ends.
        }
    }

    private async Task<byte[]> RegularResponseAsync(HubRequest request)
    {
        if (request.IsReport)
        {
            return Response("204 No Content");
        }

        while (true)
        {
            Task changed;
            lock (_gate)
            {
                if (request.KnownTag != TagOf(_document.Version, _document.Json))
                {
                    return Document(_document.Version, _document.Json);
                }

                changed = _changed.Task;
            }

            if (!request.IsPoll || !HoldsPolls)
            {
                return Response($"304 Not Modified\r\nETag: {request.KnownTag}");
            }

            await changed.WaitAsync(_stopping.Token);
        }
    }

    private async Task<HubRequest?> ReadAsync(NetworkStream stream)
    {
        var bytes = new List<byte>();
        var buffer = new byte[1];
        while (bytes.Count < 4 || !bytes[^4..].SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(buffer, _stopping.Token) == 0)
            {
                return null;
            }

            bytes.Add(buffer[0]);
        }

        var lines = Encoding.ASCII.GetString([.. bytes]).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var headers = lines.Skip(1).Select(line => line.Split(": ", 2))
            .ToDictionary(parts => parts[0].ToLowerInvariant(), parts => parts[1]);
        var body = new byte[int.Parse(headers.GetValueOrDefault("content-length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stopping.Token);
        var requestLine = lines[0].Split(' ');
        return new HubRequest(requestLine[0], requestLine[1], headers, Encoding.UTF8.GetString(body));
    }
}
