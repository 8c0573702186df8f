using CloudTicks.Lake.S3;

namespace CloudTicks.Lake.Tests.Storage;

/// <summary>
/// Tests the examples of https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html, and the parsing of addresses.
/// </summary>
public sealed class S3SignatureTests
{
    private const string Bucket = "https://examplebucket.s3.amazonaws.com/";

    [Theory]
    [InlineData("test.txt", "bytes=0-9", "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")]
    [InlineData("?lifecycle", null, "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")]
    [InlineData("?max-keys=2&prefix=J", null, "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")]
    public void Signature_is_that_of_the_documented_example(string path, string? range, string signature)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Bucket + path));
        if (range is not null)
        {
            request.Headers.TryAddWithoutValidation("Range", range);
        }

        new S3Signature(
            new S3Credentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", null), "us-east-1")
            .Sign(request, S3Signature.Hash([]), new DateTimeOffset(2013, 5, 24, 0, 0, 0, TimeSpan.Zero));

        request.Headers.NonValidated["Authorization"].ToString().ShouldEndWith($",Signature={signature}");
    }

    [Theory]
    [InlineData("s3://ticks", "hour=06/part.parquet", "https://ticks.s3.us-east-1.amazonaws.com/hour%3D06/part.parquet")]
    [InlineData("s3://ticks/a/b/?region=eu-central-1", "x", "https://ticks.s3.eu-central-1.amazonaws.com/a/b/x")]
    [InlineData("s3://ticks/lake?endpoint=http://127.0.0.1:9000", "x", "http://127.0.0.1:9000/ticks/lake/x")]
    public void Address_names_bucket_prefix_server_and_region(string address, string name, string uri) =>
        S3Address.Parse(address).UriOf(name).OriginalString.ShouldBe(uri);

    [Theory]
    [InlineData("s3://", "it names no valid bucket")]
    [InlineData("s3://ticks?endpoint=ftp://x", "is not of the form endpoint")]
    [InlineData("s3://ticks?key=secret1", "is not of the form endpoint")]
    [InlineData("s3://user:secret1@ticks", "contains a user or a secret")]
    public void Invalid_address_is_refused_with_a_message(string address, string reason) =>
        Should.Throw<FormatException>(() => S3Address.Parse(address)).Message.ShouldContain(reason);

    [Fact]
    public void Missing_key_is_named() =>
        Should.Throw<FormatException>(() => S3Credentials.Read(_ => null)).Message.ShouldContain("AWS_SECRET_ACCESS_KEY");
}
