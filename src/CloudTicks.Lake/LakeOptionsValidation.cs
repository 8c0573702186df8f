using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace CloudTicks.Lake;

/// <summary>Refuses an invalid folder or address of a lake; the message says what to set.</summary>
internal sealed class LakeOptionsValidation(IConfiguration configuration, TimeProvider time) : IValidateOptions<LakeOptions>
{
    public ValidateOptionsResult Validate(string? name, LakeOptions options)
    {
        if (options is { Address.Length: > 0, Folder.Length: > 0 })
        {
            return ValidateOptionsResult.Fail("Lake__Address and Lake__Folder are both set: set only one of them.");
        }

        if (options.Folder is { } folder && LakeStores.IsAddress(folder))
        {
            return ValidateOptionsResult.Fail("Lake__Folder is an address: set Lake__Address instead.");
        }

        if (options.Address is { Length: > 0 } address)
        {
            try
            {
                _ = LakeStores.IsAddress(address)
                    ? LakeStores.Open(address, options.CacheFolder, options.CacheBytes, key => configuration[key], time)
                    : throw new FormatException("Lake__Address is a folder: set Lake__Folder instead.");
            }
            catch (FormatException wrong)
            {
                return ValidateOptionsResult.Fail(wrong.Message);
            }
        }

        return ValidateOptionsResult.Success;
    }
}
