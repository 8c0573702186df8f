using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;

namespace ServiceDefaults.Tests;

/// <summary>
/// Receives OTLP over HTTP like a telemetry collector, and decodes the fields that tests use (field numbers as in opentelemetry-proto).
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentQueue<byte[]>> _requests = new();
    private readonly SemaphoreSlim _received = new(0);

    private OtlpReceiver(WebApplication app) => _app = app;

    public string Address => _app.Urls.First();

    /// <summary>The names and units of the received metrics.</summary>
    public IEnumerable<(string Name, string Unit)> Metrics => Of("/v1/metrics").SelectMany(request => Fields(request, 1, 2, 2))
        .Select(metric => (Text(Fields(metric, 1)), Text(Fields(metric, 3))));

    /// <summary>The messages of the received log records.</summary>
    public IEnumerable<string> Lines =>
        Of("/v1/logs").SelectMany(request => Fields(request, 1, 2, 2)).Select(record => Text(Fields(record, 5, 1)));

    /// <summary>The received spans.</summary>
    public IEnumerable<OtlpSpan> Spans =>
        from resource in Of("/v1/traces").SelectMany(request => Fields(request, 1))
        let service = Attributes(Fields(resource, 1, 1)).GetValueOrDefault("service.name", "")
        from scope in Fields(resource, 2)
        from span in Fields(scope, 2)
        select new OtlpSpan(
            service, Text(Fields(scope, 1, 1)), Hex(Fields(span, 1)), Hex(Fields(span, 2)), Hex(Fields(span, 4)), Text(Fields(span, 5)),
            (int)Number(Fields(span, 6)),
            Number(Fields(span, 7)), Number(Fields(span, 8)), Attributes(Fields(span, 9)), (int)Number(Fields(span, 15, 3)));

    public static async Task<OtlpReceiver> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var receiver = new OtlpReceiver(app);
        app.Run(receiver.ReceiveAsync);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return receiver;
    }

    /// <summary>Waits until a condition on the received data holds.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (!condition())
        {
            await _received.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _received.Dispose();
    }

    private async Task ReceiveAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        _requests.GetOrAdd(context.Request.Path.Value!, _ => new ConcurrentQueue<byte[]>()).Enqueue(body.ToArray());
        context.Response.ContentType = "application/x-protobuf";
        _received.Release();
    }

    private ConcurrentQueue<byte[]> Of(string path) => _requests.GetOrAdd(path, _ => new ConcurrentQueue<byte[]>());

    private static string Text(IEnumerable<byte[]> field) => field.Select(Encoding.UTF8.GetString).FirstOrDefault() ?? "";

    private static string Hex(IEnumerable<byte[]> field) => field.Select(Convert.ToHexStringLower).FirstOrDefault() ?? "";

    private static long Number(IEnumerable<byte[]> field) => field.Select(value => BitConverter.ToInt64(value)).FirstOrDefault();

    /// <summary>The keys and values, as text, of attributes with texts or integers.</summary>
    private static Dictionary<string, string> Attributes(IEnumerable<byte[]> attributes) => attributes.ToDictionary(
        attribute => Text(Fields(attribute, 1)),
        attribute => Fields(attribute, 2, 1).Select(Encoding.UTF8.GetString)
            .Concat(Fields(attribute, 2, 3).Select(value => $"{BitConverter.ToInt64(value)}")).FirstOrDefault() ?? "");

    /// <summary>The fields of a protobuf message at a path of field numbers. A varint is returned as eight bytes.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, params int[] path) => path.Length == 0
        ? [message]
        : Fields(message).Where(field => field.Number == path[0]).SelectMany(field => Fields(field.Value, path[1..]));

    private static List<(int Number, byte[] Value)> Fields(byte[] message)
    {
        var fields = new List<(int, byte[])>();
        for (var position = 0; position < message.Length;)
        {
            var tag = Varint(message, ref position);
            switch (tag & 7)
            {
                case 0:
                    fields.Add(((int)(tag >> 3), BitConverter.GetBytes(Varint(message, ref position))));
                    break;
                case 1:
                    fields.Add(((int)(tag >> 3), message[position..(position + 8)]));
                    position += 8;
                    break;
                case 2:
                    var length = (int)Varint(message, ref position);
                    fields.Add(((int)(tag >> 3), message[position..(position + length)]));
                    position += length;
                    break;
                case 5:
                    position += 4;
                    break;
                default:
                    throw new FormatException($"Wire type {tag & 7} at byte {position}.");
            }
        }

        return fields;
    }

    private static ulong Varint(byte[] message, ref int position)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var nextByte = message[position++];
            value |= (ulong)(nextByte & 0x7f) << shift;
            if (nextByte < 0x80)
            {
                return value;
            }
        }
    }
}
