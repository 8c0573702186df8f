using CloudTicks.TestServices;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// Secrets are compared in constant time. Behaviour does not show this and timing is unreliable, so the test reads the compiled code.
/// </summary>
public class SecretComparisonTests
{
    private const string Comparison = "SecretText.AreEqual";

    [Fact]
    public void Secret_comparison_takes_constant_time()
    {
        var calls = CallsOf("ServiceDefaults", "SecretText", "AreEqual");

        calls.ShouldContain("CryptographicOperations.FixedTimeEquals");
        // The other calls convert texts to bytes.
        calls.Except(["CryptographicOperations.FixedTimeEquals", Comparison, "Encoding.get_UTF8", "Encoding.GetBytes", "op_Implicit"])
            .ShouldBeEmpty();
    }

    [Theory]
    [InlineData("CloudTicks.Functions", "KeyRing", "FindHolder")]
    [InlineData("CloudTicks.Functions", "EnvironmentKeys", "Match")]
    [InlineData("CloudTicks.Dashboard", "PageCookie", "HasToken")]
    [InlineData("CloudTicks.Simulator", "ApiKeyFilter", "InvokeAsync")]
    [InlineData("CloudTicks.Simulator", "RestFilter", "HasKey")]
    [InlineData("CloudTicks.Simulator", "FeedSession", "IsKey")]
    public void Every_secret_is_compared_in_constant_time(string assembly, string type, string method)
    {
        var calls = CallsOf(assembly, type, method);

        calls.ShouldContain(Comparison);
        calls.ShouldNotContain(
            call => call.EndsWith("String.Equals", StringComparison.Ordinal) || call.EndsWith("op_Equality", StringComparison.Ordinal)
            || call.EndsWith("SequenceEqual", StringComparison.Ordinal));
    }

    private static IReadOnlyList<string> CallsOf(string assembly, string type, string method) =>
        MethodCalls.Of(Path.Combine(AppContext.BaseDirectory, $"{assembly}.dll"), type, method);
}
