using System.Globalization;
using System.Text;
using Caluma.Healthz.Checks.Databases;

namespace Caluma.Healthz.Tests.Checks.Databases;

public sealed class SaslPrepTests
{
    /// <summary>The tests run with the globalization mode of the programs: otherwise <c>string.Normalize</c> would do the work.</summary>
    [Fact]
    public void Globalization_is_invariant_in_the_tests() => Assert.Equal("ª", "ª".Normalize(NormalizationForm.FormKC));

    /// <summary>https://www.rfc-editor.org/rfc/rfc4013#section-3; a prohibited password stays unchanged, as in PostgreSQL.</summary>
    [Theory]
    [InlineData("I\u00ADX", "IX")]
    [InlineData("user", "user")]
    [InlineData("USER", "USER")]
    [InlineData("\u00AA", "a")]
    [InlineData("\u2168", "IX")]
    [InlineData("\u0007", "\u0007")]
    [InlineData("\u0627\u0031", "\u0627\u0031")]
    public void The_examples_of_the_RFC_have_their_results(string password, string prepared) =>
        Assert.Equal(prepared, SaslPrep.Prepare(password));

    [Theory]
    [InlineData("abcd123456789123456789¨‑¼###", "abcd123456789123456789 \u0308\u20101\u20444###")]
    [InlineData("a\u00A0b\u3000c", "a b c")]
    [InlineData("p\u200Dw\uFE00", "pw")]
    [InlineData("u\u0308", "ü")]
    [InlineData("a\u0301\u0323", "ạ\u0301")] // The marks are put in order first.
    [InlineData("\uFF30\uFF57\uFF11", "Pw1")]
    [InlineData("ﬁﬀ", "fiff")]
    [InlineData("\u1100\u1161\u11A8", "각")]
    [InlineData("각", "각")]
    [InlineData("\u212B", "Å")]
    [InlineData("\u0958", "\u0915\u093C")] // Excluded from composition.
    [InlineData("\uFDFA", "صلى الله عليه وسلم")]
    [InlineData("𝒫𝔴", "Pw")]
    public void SASLprep_changes_these_passwords(string password, string prepared) => Assert.Equal(prepared, SaslPrep.Prepare(password));

    [Theory]
    [InlineData("ü\u0007")] // A control character.
    [InlineData("ª😀")] // Unassigned in Unicode 3.2.
    [InlineData("ª\uE000")] // Private use.
    [InlineData("ª\u200E")] // Changes the direction.
    [InlineData("ª\u0340")] // Deprecated; found before the normalization would remove it.
    [InlineData("ªا")] // From the left and from the right.
    [InlineData("\u0627a\u00AD\u0627")] // From the left in the midst of it.
    [InlineData("\u0627\u00AD1")] // Not from the right at its end.
    [InlineData("1\u00AD\u0627")] // Nor at its start.
    [InlineData("\u00AD")] // Nothing is left.
    [InlineData("ª\uD800")] // No text.
    public void A_prohibited_password_stays_unchanged(string password) => Assert.Equal(password, SaslPrep.Prepare(password));

    [Fact]
    public void Preparing_a_prepared_password_changes_nothing()
    {
        for (var code = 0; code <= 0x2FA1D; code++)
        {
            if (Rune.IsValid(code) && SaslPrep.Prepare(new Rune(code).ToString()) is var once
                && SaslPrep.Prepare(once) is var twice && once != twice)
            {
                Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"U+{code:X4} comes out as \"{once}\", and that as \"{twice}\""));
            }
        }
    }
}
