namespace CloudTicks.Lake.S3;

/// <summary>A bucket and a prefix: <c>s3://bucket/prefix?endpoint=https://host:9000&amp;region=eu-central-1</c>.</summary>
/// <param name="Prefix">The prefix of all object names: empty, or ends in a slash.</param>
/// <param name="Endpoint">The URL of an S3-compatible server, whose object URLs have the bucket in the path; null for Amazon.</param>
internal sealed record S3Address(string Bucket, string Prefix, Uri? Endpoint, string Region)
{
    public const string Scheme = "s3://";

    private const string DefaultRegion = "us-east-1";

    /// <exception cref="FormatException">The address is invalid; the message says why.</exception>
    public static S3Address Parse(string text)
    {
        if (!Uri.TryCreate(text, UriKind.Absolute, out var uri) || uri.Scheme != "s3" || uri.Host.Length == 0)
        {
            throw Invalid(text, "it names no valid bucket");
        }

        if (uri.UserInfo.Length > 0)
        {
            throw new FormatException("Lake__Address contains a user or a secret: remove it, and set AWS_ACCESS_KEY_ID and "
                + "AWS_SECRET_ACCESS_KEY.");
        }

        var (endpoint, region) = ((Uri?)null, DefaultRegion);
        foreach (var part in uri.Query.TrimStart('?').Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            var value = Uri.UnescapeDataString(part[(part.IndexOf('=', StringComparison.Ordinal) + 1)..]);
            switch (part.Split('=')[0])
            {
                case "endpoint" when Uri.TryCreate(value, UriKind.Absolute, out endpoint) && endpoint.Scheme is "http" or "https":
                    break;
                case "region" when value.Length > 0:
                    region = value;
                    break;
                default:
                    throw Invalid(text, $"parameter '{part.Split('=')[0]}' is not of the form endpoint=http(s)://host or region=name");
            }
        }

        var prefix = Uri.UnescapeDataString(uri.AbsolutePath).Trim('/');
        return new S3Address(uri.Host, prefix.Length == 0 ? "" : $"{prefix}/", endpoint, region);
    }

    /// <summary>The URL of an object.</summary>
    public Uri UriOf(string name)
    {
        var key = string.Join('/', (Prefix + name).Split('/').Select(Uri.EscapeDataString));
        return Endpoint is { } own
            ? new Uri($"{own.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Bucket}/{key}")
            : new Uri($"https://{Bucket}.s3.{Region}.amazonaws.com/{key}");
    }

    /// <summary>The URL for listing objects.</summary>
    public Uri BucketUri => Endpoint is { } own
        ? new Uri($"{own.GetLeftPart(UriPartial.Path).TrimEnd('/')}/{Bucket}")
        : new Uri($"https://{Bucket}.s3.{Region}.amazonaws.com/");

    public override string ToString() => $"{Scheme}{Bucket}/{Prefix.TrimEnd('/')}{(Endpoint is { } own ? $" at {own.Authority}" : "")}";

    private static FormatException Invalid(string text, string why) => new(
        $"Lake__Address is not a bucket address ({why}): '{text.Split('?')[0]}'. Write it as s3://bucket/prefix?region=eu-central-1 or "
        + "s3://bucket/prefix?endpoint=http://127.0.0.1:9000.");
}
