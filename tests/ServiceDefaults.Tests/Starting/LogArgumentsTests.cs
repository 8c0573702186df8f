using Microsoft.Extensions.Hosting;

namespace ServiceDefaults.Tests.Starting;

public sealed class LogArgumentsTests
{
    [Theory]
    [InlineData("--log-json --urls http://127.0.0.1:0", "--log-json=true --urls http://127.0.0.1:0")]
    [InlineData("--urls x --log-json", "--urls x --log-json=true")]
    [InlineData("--log-json false", "--log-json false")]
    [InlineData("--log-json=false", "--log-json=false")]
    [InlineData("--log-level DEBUG", "--log-level DEBUG")]
    [InlineData("--log-level --urls x", "--log-level= --urls x")]
    [InlineData("--urls x --log-level", "--urls x --log-level=")]
    public void Option_never_uses_another_option_as_its_value(string typed, string completed) =>
        string.Join(' ', LogArguments.Complete(typed.Split(' '))).ShouldBe(completed);
}
