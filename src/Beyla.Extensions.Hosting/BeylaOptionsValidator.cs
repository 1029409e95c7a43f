using Microsoft.Extensions.Options;

namespace Beyla.Extensions.Hosting;

internal sealed class BeylaOptionsValidator : IValidateOptions<BeylaOptions>
{
    public ValidateOptionsResult Validate(string? name, BeylaOptions options)
    {
        var errors = options.Validate();
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }
}
