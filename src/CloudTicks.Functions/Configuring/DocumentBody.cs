using Microsoft.AspNetCore.Http;

namespace CloudTicks.Functions.Configuring;

internal static class DocumentBody
{
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(HttpRequest request, int max, CancellationToken cancellationToken)
    {
        if (request.ContentLength > max)
        {
            return null;
        }

        // One extra byte, so that a body of exactly the announced length leaves room for the read that detects its end.
        var buffer = new byte[(int)(request.ContentLength ?? max) + 1];
        var length = 0;
        int read;
        while ((read = await request.Body.ReadAsync(buffer.AsMemory(length), cancellationToken)) > 0)
        {
            length += read;
            if (length > max)
            {
                return null;
            }
        }

        return buffer.AsMemory(0, length);
    }
}
