using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CloudTicks.Collection.DbServer;

/// <summary>The server's response to a request.</summary>
/// <param name="Reason">Why the ticks were not saved, in one line; empty when they were.</param>
internal sealed record DbServerResponse(int Status, bool IsSaved, string Reason, TimeSpan? RetryAfter)
{
    private const int MaxBytes = 4_096;
    private const int MaxReasonLength = 500;

    /// <summary>Upper bound for the server's Retry-After.</summary>
    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromMinutes(5);

    /// <summary>
    /// Whether a retry may succeed. A wrong key counts as transient, because the operator can correct it without losing ticks.
    /// </summary>
    public bool IsTransient => Status is >= 500 or (int)HttpStatusCode.RequestTimeout or (int)HttpStatusCode.TooManyRequests
        or (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden;

    /// <summary>Reads a response, up to 4 KiB of its body.</summary>
    public static async Task<DbServerResponse> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var (buffer, length) = (new byte[MaxBytes], 0);
        await using var body = await response.Content.ReadAsStreamAsync(cancellationToken);
        int read;
        while (length < buffer.Length && (read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
        }

        var status = (int)response.StatusCode;
        var text = Encoding.UTF8.GetString(buffer, 0, length);
        if (response.IsSuccessStatusCode && IsOk(text))
        {
            return new DbServerResponse(status, true, "", null);
        }

        var line = string.Concat(text.Select(character => char.IsControl(character) ? ' ' : character));
        var reason =
            string.Create(CultureInfo.InvariantCulture, $"{status} {(line.Length <= MaxReasonLength ? line : line[..MaxReasonLength])}");
        return new DbServerResponse(status, false, reason.TrimEnd(), RetryAfterOf(response));
    }

    /// <summary>
    /// Whether a body means that the ticks were saved. A <c>status</c> other than <c>ok</c> means not saved; any other body of a 2xx
    /// response means saved.
    /// </summary>
    private static bool IsOk(string text)
    {
        try
        {
            using var json = JsonDocument.Parse(text);
            return json.RootElement.ValueKind != JsonValueKind.Object || !json.RootElement.TryGetProperty("status", out var status)
                || (status.ValueKind == JsonValueKind.String && status.ValueEquals("ok"));
        }
        catch (JsonException)
        {
            return true;
        }
    }

    private static TimeSpan? RetryAfterOf(HttpResponseMessage response)
    {
        var wait = response.Headers.RetryAfter?.Delta
            ?? (response.Headers.RetryAfter?.Date is { } date && response.Headers.Date is { } now ? date - now : null);
        return wait is not { } time ? null : time < TimeSpan.Zero ? TimeSpan.Zero : time > MaxRetryAfter ? MaxRetryAfter : time;
    }
}
