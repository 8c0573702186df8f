using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace CloudTicks.Functions.Tests.DbCommands;

/// <summary>A client with a socket that announces a long body but sends only 600 bytes of it per second.</summary>
internal sealed class SlowUpload : IAsyncDisposable
{
    private const int BytesPerSecond = 600;

    private readonly TcpClient _client;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task<bool> _sending;

    private SlowUpload(TcpClient client)
    {
        _client = client;
        _sending = SendAsync(_stop.Token);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Starts the upload, and waits until the server reads the body.</summary>
    public static async Task<SlowUpload> StartAsync(int port, int length)
    {
        var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port, Cancellation);
        var head = string.Create(
            CultureInfo.InvariantCulture,
            $"POST /db_command HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/json\r\nContent-Length: "
                + $"{length}\r\nExpect: 100-continue\r\n\r\n");
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(head), Cancellation);
        var response = new byte[64];
        var read = await client.GetStream().ReadAsync(response, Cancellation);
        Encoding.ASCII.GetString(response, 0, read).ShouldStartWith("HTTP/1.1 100");
        return new SlowUpload(client);
    }

    /// <summary>Set on disposal: true if no send has failed.</summary>
    public bool WasSent { get; private set; }

    /// <summary>Closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        WasSent = await _sending;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task<bool> SendAsync(CancellationToken cancellationToken)
    {
        var blanks = new byte[BytesPerSecond];
        Array.Fill(blanks, (byte)' ');
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1));
            do
            {
                await _client.GetStream().WriteAsync(blanks, cancellationToken);
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException)
        {
            return true;
        }
        catch (IOException)
        {
            return false;
        }

        return true;
    }
}
