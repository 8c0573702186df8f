using System.Collections.Concurrent;
using System.Globalization;
using System.Security;
using CloudTicks.Lake.S3;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Tests.Storage;

/// <summary>An S3 server with one bucket. It supports conditional puts as Amazon documents them, and lists two objects per page.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Bucket = "ticks";

    private const int PageSize = 2;

    private readonly WebApplication _app;

    private S3Server(WebApplication app) => _app = app;

    public ConcurrentDictionary<string, byte[]> Objects { get; } = new();

    /// <summary>The response to every request; null to respond as S3 does.</summary>
    public (int Status, string Body)? ResponseOverride { get; set; }

    public string Lake => $"s3://{Bucket}/lake?endpoint={Address}";

    private string Address => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    public static async Task<S3Server> StartAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var server = new S3Server(builder.Build());
        server._app.Map($"/{Bucket}/{{**key}}", server.AnswerAsync);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public S3Container Container() =>
        new(S3Address.Parse(Lake), new S3Credentials("id", "secret", "token"), new HttpClient(), TimeProvider.System);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task AnswerAsync(HttpContext context)
    {
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer);
        var (body, key) = (buffer.ToArray(), (string?)context.Request.RouteValues["key"] ?? "");
        var (status, response) = ResponseOverride is { } instead ? (instead.Status, System.Text.Encoding.UTF8.GetBytes(instead.Body))
            : !IsSigned(context.Request, body) ? (StatusCodes.Status403Forbidden, "<Error><Code>AccessDenied</Code></Error>"u8.ToArray())
            : context.Request.Method switch
            {
                "PUT" => Put(context.Request, key, body),
                "DELETE" => (Objects.TryRemove(key, out _) ? StatusCodes.Status204NoContent : StatusCodes.Status404NotFound, []),
                _ when key.Length == 0 => (StatusCodes.Status200OK, List(context.Request.Query)),
                _ => Get(context.Request, key),
            };
        context.Response.StatusCode = status;
        if (status is not (StatusCodes.Status204NoContent or StatusCodes.Status304NotModified))
        {
            await context.Response.Body.WriteAsync(response);
        }
    }

    private static bool IsSigned(HttpRequest request, byte[] body) =>
        request.Headers.Authorization.ToString().StartsWith("AWS4-HMAC-SHA256 Credential=id/", StringComparison.Ordinal)
        && request.Headers["x-amz-content-sha256"] == S3Signature.Hash(body) && request.Headers["x-amz-security-token"] == "token";

    private (int Status, byte[] Answer) Put(HttpRequest request, string key, byte[] body)
    {
        if (request.Headers.IfNoneMatch != "*")
        {
            Objects[key] = body;
            return (StatusCodes.Status200OK, []);
        }

        return (Objects.TryAdd(key, body) ? StatusCodes.Status200OK : StatusCodes.Status412PreconditionFailed, []);
    }

    private (int Status, byte[] Answer) Get(HttpRequest request, string key)
    {
        if (!Objects.TryGetValue(key, out var content))
        {
            return (StatusCodes.Status404NotFound, "<Error><Code>NoSuchKey</Code></Error>"u8.ToArray());
        }

        if (request.GetTypedHeaders().Range?.Ranges.Single() is not { } range)
        {
            return (StatusCodes.Status200OK, content);
        }

        return range.From < content.Length
            ? (StatusCodes.Status206PartialContent, content[(int)range.From!..(int)Math.Min(content.Length, range.To!.Value + 1)])
            : (StatusCodes.Status416RangeNotSatisfiable, []);
    }

    private byte[] List(IQueryCollection query)
    {
        var continuationToken = query["continuation-token"].ToString();
        var found = Objects.Where(one => one.Key.StartsWith(query["prefix"].ToString(), StringComparison.Ordinal)
            && string.CompareOrdinal(one.Key, continuationToken) > 0).OrderBy(one => one.Key, StringComparer.Ordinal).ToList();
        var page = string.Concat(found.Take(PageSize).Select(one => string.Create(
            CultureInfo.InvariantCulture,
            $"<Contents><Key>{SecurityElement.Escape(one.Key)}</Key><Size>{one.Value.Length}</Size></Contents>")));
        var nextToken = found.Count > PageSize ? $"<NextContinuationToken>{found[PageSize - 1].Key}</NextContinuationToken>" : "";
        return System.Text.Encoding.UTF8.GetBytes(
            $"""
            <?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
            <IsTruncated>{(nextToken.Length > 0 ? "true" : "false")}</IsTruncated>{page}{nextToken}</ListBucketResult>
            """);
    }
}
