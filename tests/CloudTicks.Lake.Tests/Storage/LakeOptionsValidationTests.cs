using Microsoft.Extensions.Configuration;

namespace CloudTicks.Lake.Tests.Storage;

public sealed class LakeOptionsValidationTests
{
    [Theory]
    [InlineData("/data/lake", null, null)]
    [InlineData(null, "s3://ticks/lake?region=eu-central-1", null)]
    [InlineData("", "", null)]
    [InlineData("/data/lake", "s3://ticks/lake", "Lake__Address and Lake__Folder are both set")]
    [InlineData("s3://ticks/lake", null, "set Lake__Address instead")]
    [InlineData(null, "/data/lake", "set Lake__Folder instead")]
    [InlineData(null, "ftp://ticks/lake", "neither s3://bucket/prefix nor")]
    [InlineData(null, "https://account.blob.core.windows.net/lake", "CloudPackages=true")]
    public void Location_must_be_one_that_this_build_can_open(string? folder, string? address, string? refusal)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = "id", ["AWS_SECRET_ACCESS_KEY"] = "secret1" }).Build();

        var result = new LakeOptionsValidation(configuration, TimeProvider.System)
            .Validate(null, new LakeOptions { Folder = folder, Address = address });

        if (refusal is null)
        {
            result.Succeeded.ShouldBeTrue(result.FailureMessage);
        }
        else
        {
            result.FailureMessage.ShouldNotBeNull().ShouldContain(refusal);
        }
    }
}
