using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Security;

/// <summary>The comparison of passwords; SecretComparisonTests in the deployment tests covers the other secrets.</summary>
public class PasswordComparisonTests
{
    [Fact]
    public void Passwords_are_compared_in_constant_time()
    {
        var calls = MethodCalls.Of(typeof(EventHub.Security.UserTable).Assembly.Location, "UserTable", "Verify");

        calls.ShouldContain("SecretText.AreEqual");
        calls.ShouldNotContain(call => call.EndsWith("SequenceEqual", StringComparison.Ordinal));
    }
}
