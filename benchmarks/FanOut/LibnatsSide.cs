using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using CloudTicks.Benchmarks.Comparing.Rounds;

namespace CloudTicks.Benchmarks.FanOut;

/// <summary>Calls natsConnection_Publish for each message, with subjects and payloads prepared in memory, and then flushes once.</summary>
internal sealed unsafe class LibnatsSide : IDisposable
{
    /// <summary>The buffer size of our publisher; libnats' own default is half of it.</summary>
    private const int BufferBytes = 64 * 1024;

    private const long FlushTimeoutMs = 60_000;

    private readonly nint _connection;
    private readonly byte* _bytes;
    private readonly (int Subject, int Payload, int Length)[] _messages;
    private readonly delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int> _publish;
    private readonly delegate* unmanaged[Cdecl]<nint, long, int> _flush;
    private readonly delegate* unmanaged[Cdecl]<nint, void> _destroy;

    public LibnatsSide(string library, string url, ReceivedMessages messages)
    {
        var handle = NativeLibrary.Load(library);
        _publish = (delegate* unmanaged[Cdecl]<nint, byte*, byte*, int, int>)NativeLibrary.GetExport(handle, "natsConnection_Publish");
        _flush = (delegate* unmanaged[Cdecl]<nint, long, int>)NativeLibrary.GetExport(handle, "natsConnection_FlushTimeout");
        _destroy = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(handle, "natsConnection_Destroy");
        _connection = Connect(handle, url);
        _messages = new (int, int, int)[messages.Count];
        _bytes = (byte*)NativeMemory.Alloc((nuint)messages.All.Sum(message => message.Subject.Length + 1L + message.Payload.Length));
        var end = 0;
        for (var index = 0; index < _messages.Length; index++)
        {
            var (subject, payload) = messages.All[index];
            var start = end;
            end = Append(Append(Append(end, subject), [0]), payload);
            _messages[index] = (start, end - payload.Length, payload.Length);
        }
    }

    public Task<Pass> RunAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var started = Stopwatch.GetTimestamp();
        foreach (var (subject, payload, length) in _messages)
        {
            Check(_publish(_connection, _bytes + subject, _bytes + payload, length));
        }

        Check(_flush(_connection, FlushTimeoutMs));
        return Task.FromResult(new Pass(_messages.Length, Stopwatch.GetElapsedTime(started)));
    }

    public void Dispose()
    {
        _destroy(_connection);
        NativeMemory.Free(_bytes);
    }

    private int Append(int end, ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(new Span<byte>(_bytes + end, bytes.Length));
        return end + bytes.Length;
    }

    private static nint Connect(nint library, string url)
    {
        var create = (delegate* unmanaged[Cdecl]<nint*, int>)NativeLibrary.GetExport(library, "natsOptions_Create");
        var setUrl = (delegate* unmanaged[Cdecl]<nint, byte*, int>)NativeLibrary.GetExport(library, "natsOptions_SetURL");
        var setBuffer = (delegate* unmanaged[Cdecl]<nint, int, int>)NativeLibrary.GetExport(library, "natsOptions_SetIOBufSize");
        var connect = (delegate* unmanaged[Cdecl]<nint*, nint, int>)NativeLibrary.GetExport(library, "natsConnection_Connect");
        var destroy = (delegate* unmanaged[Cdecl]<nint, void>)NativeLibrary.GetExport(library, "natsOptions_Destroy");
        nint options, connection;
        Check(create(&options));
        fixed (byte* address = Encoding.UTF8.GetBytes(url + '\0'))
        {
            Check(setUrl(options, address));
        }

        Check(setBuffer(options, BufferBytes));
        Check(connect(&connection, options));
        destroy(options);
        return connection;
    }

    private static void Check(int status)
    {
        if (status != 0)
        {
            throw new BenchmarkException($"libnats returned status {status}.");
        }
    }
}
