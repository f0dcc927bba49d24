/** What may stand beside an amount. Codes that are English words (ALL, TOP) are left out on purpose. */
const CODES =
  'EUR USD GBP CHF JPY CNY AUD CAD NZD SEK NOK DKK ISK PLN CZK HUF RON BGN RSD UAH RUB TRY ILS AED SAR EGP ZAR NGN KES ' +
  'INR PKR BDT LKR IDR MYR PHP SGD HKD TWD THB VND KRW BRL MXN ARS CLP COP PEN UYU'
const SIGNS =
  'US$ $US CA$ $CA AU$ $AU £GB NZ$ HK$ MX$ NT$ R$ A$ C$ S$ € $ £ ¥ ₹ ₽ ₩ ₺ ₴ ₪ ₫ ₱ ฿ ₦ ₡ ₲ ₵ ₸ ₼ ₾ ' +
  'SFr. SFr Fr. Fr kr. kr zł Kč Ft лв. лв lei Rs. Rs руб. руб р. Euro Euros'

const TOKENS = [...CODES.split(' '), ...SIGNS.split(' ')]
  .sort((a, b) => b.length - a.length)
  .map((token) => token.replace(/[$.]/g, '\\$&'))
  .join('|')

/** A currency sign or code at the start, not followed by more of a word. */
export const LEADING_CURRENCY = new RegExp(`^(?:${TOKENS})(?!\\p{L})`, 'iu')
/** A currency sign or code at the end, not preceded by more of a word. */
export const TRAILING_CURRENCY = new RegExp(`(?<!\\p{L})(?:${TOKENS})$`, 'iu')
