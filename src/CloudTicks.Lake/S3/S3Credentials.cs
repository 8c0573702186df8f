namespace CloudTicks.Lake.S3;

/// <summary>An access key, read from the environment variables that the AWS tools use.</summary>
/// <param name="SessionToken">Null for a key that does not expire.</param>
internal sealed record S3Credentials(string AccessKeyId, string SecretAccessKey, string? SessionToken)
{
    /// <exception cref="FormatException">A variable is missing.</exception>
    public static S3Credentials Read(Func<string, string?> variable) =>
        variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && variable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
            ? new S3Credentials(id, secret, variable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null)
            : throw new FormatException(
                "Lake__Address is an S3 bucket, but its key is missing: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.");

    /// <summary>Returns the key id, without the secret.</summary>
    public override string ToString() => AccessKeyId;
}
