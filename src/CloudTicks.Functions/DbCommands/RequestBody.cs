using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.DbCommands;

/// <summary>Reads a body of bounded length.</summary>
internal static class RequestBody
{
    /// <summary>Longest body, in bytes.</summary>
    public const int MaxBytes = 8 << 20;

    private const int FirstBytes = 16 << 10;

    /// <summary>Reads the body to its end.</summary>
    /// <returns>The bytes; null when there are more than <see cref="MaxBytes"/>.</returns>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (request.ContentLength > MaxBytes)
        {
            return null;
        }

        // One byte more, so that a body of just the announced length ends without another array.
        var buffer = new byte[(request.ContentLength ?? FirstBytes) + 1];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > MaxBytes)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, Math.Min(2 * buffer.Length, MaxBytes + 1));
            }
        }

        return buffer.AsMemory(0, length);
    }
}
